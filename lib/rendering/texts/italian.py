"""The Italian phrases. A title or body that IO also has is in IO's words."""

from typing import Final

from lib.rendering.texts.phrases import (
    EmailPhrases,
    NoticePhrases,
    NotificationPhrases,
    Phrases,
    WithdrawalPhrases,
)

ITALIAN: Final = Phrases(
    tag="it",
    notifications=NotificationPhrases(
        new="Hai un nuovo messaggio",
        new_many="Hai {count} nuovi messaggi",
        read_it="Entra nell'app per leggerlo",
        read_them="Entra nell'app per leggerli",
        unread="Hai un messaggio non letto",
        unread_from="Leggi il messaggio da {organization}",
        again="Promemoria: un messaggio ti aspetta",
        again_from="Promemoria: apri il messaggio da {organization}",
        pay="Hai un avviso da pagare",
        pay_tomorrow="Hai un avviso che scade domani",
        pay_today="Hai un avviso che scade oggi",
        pay_it="Entra nell'app per pagarlo",
        pay_it_in_days="Scade tra {days} giorni: entra nell'app per pagarlo",
        pay_it_from="Entra nell'app e paga l'avviso emesso da {organization}",
        pay_it_from_in_days=(
            "Scade tra {days} giorni: entra nell'app e paga l'avviso emesso da {organization}"
        ),
        due_in_days="Hai una scadenza tra {days} giorni",
        due_tomorrow="Hai una scadenza domani",
        due_today="Hai una scadenza oggi",
        read_about_it="Entra nell'app per leggere il messaggio",
    ),
    emails=EmailPhrases(
        sender="Ente",
        service="Servizio",
        subject="Oggetto",
        amount="Importo",
        due="Scadenza",
        reason="Ricevi questa email perché hai attivato gli avvisi via email.",
        do_not_reply=(
            "Non rispondere: nessuno legge questa casella, e non ti chiediamo mai dati via email."
        ),
        unsubscribe_service="Non ricevere più email da questo servizio",
        unsubscribe_all="Non ricevere più email da nessun servizio",
        confirm_title="Conferma il tuo indirizzo email",
        confirm_asked=(
            "Hai chiesto di ricevere gli avvisi a questo indirizzo. "
            "Per confermarlo, apri il link entro 24 ore."
        ),
        confirm_button="Conferma l'indirizzo",
        confirm_ignore="Se non l'hai chiesto tu, non devi fare nulla.",
        changed_title="Il tuo indirizzo email è cambiato",
        changed_said=(
            "Questo indirizzo non è più quello del tuo profilo: da ora non riceve avvisi "
            "dalle amministrazioni."
        ),
        changed_not_you=(
            "Se non sei stato tu, entra nell'app e controlla l'indirizzo email del profilo."
        ),
        data_title="I tuoi dati sono pronti",
        data_said="Entra nell'app per scaricarli: sono disponibili per 3 giorni.",
    ),
    payment_notices=NoticePhrases(
        asks="**{who}** ti chiede un pagamento di **{amount}**.",
        instalment="È la rata {index} di {total}.",
        due="Scadenza",
        number="Numero avviso",
        payee="Codice fiscale dell'ente creditore",
        whole="Puoi pagare tutto in una volta con questo avviso, oppure a rate:",
        parts="Il pagamento è a rate. Con questo avviso paghi la prima:",
        part="{amount}, scadenza {due}, avviso {number}",
        expires="Dopo la scadenza non è più possibile pagare con questo avviso.",
        how=(
            "Puoi pagare dall'app oppure, con il numero avviso, presso banche, poste e gli altri "
            "prestatori di servizi di pagamento che aderiscono a pagoPA."
        ),
        amended="L'ente ha aggiornato questo avviso: {day}.",
        reopened="L'ente aveva annullato questo avviso: dal {day} è di nuovo valido.",
    ),
    withdrawals=WithdrawalPhrases(
        withdrawn="**L'ente ha ritirato questo messaggio: {moment}.**",
        reason="Motivo: {reason}",
        superseded="L'ente lo ha sostituito con un nuovo messaggio.",
        cancelled="L'ente ha annullato questo avviso di pagamento: non devi pagarlo. Se "
        "ne hai già pagato una parte, contatta l'ente.",
    ),
)
