"""The names of the topics by which services are filed, as IO's app shows them."""

from typing import Final

TOPIC_NAMES: Final = (
    "Altro",
    "Ambiente e animali",
    "Attività produttive e commercio",
    "Benessere sociale",
    "Casa e utenze",
    "Cultura, tempo libero e sport",
    "Educazione e formazione",
    "Giustizia e legge",
    "Lavori edilizi, catasto e urbanistica",
    "Mobilità e trasporti",
    "Redditi, patrimoni e fisco",
    "Servizi anagrafici e civici",
    "Servizi elettorali",
    "Sicurezza e Protezione Civile",
    "Suolo, spazi e beni pubblici",
    "Viaggi e turismo",
    "Vita lavorativa",
    "Salute",
)
"""By the ids of the topics, which count from 1."""
