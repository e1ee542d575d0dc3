"""The words of the command line in Italian."""

from typing import Final

ITALIAN: Final = {
    # the help
    "about": "Invia ai cittadini i messaggi delle pubbliche amministrazioni con Recapito.",
    "exits": (
        "Codici di uscita: 0 fatto; 1 rifiutato, oppure righe errate o non riuscite; 2 comando, "
        "file o configurazione errati; 3 nessuna connessione; 130 interrotto. La chiave è in "
        "RECAPITO_KEY o nel file di configurazione, mai nella riga di comando."
    ),
    "help_lang": "la lingua dei messaggi: en o it (se manca: quella di LANG)",
    "help_json": "stampa un solo oggetto JSON invece del testo",
    "help_url": "l'indirizzo di Recapito (se manca: RECAPITO_URL o la configurazione)",
    "help_profile": "la chiave di questo profilo del file di configurazione",
    "help_send": "controlla un elenco di cittadini e invia loro una lettera",
    "help_list": "l'elenco: CSV, righe JSON o JSON, con una colonna codice_fiscale",
    "help_template": "la lettera in Markdown; letter.de.md accanto è la versione in tedesco",
    "help_stored": "un modello salvato in Recapito, al posto di una lettera",
    "help_name": "il nome dell'invio (se manca: il nome dell'elenco)",
    "help_subject": "l'oggetto, al posto di quello della lettera",
    "help_dry_run": "controlla soltanto, senza inviare; è il comportamento normale",
    "help_confirm": "invia dopo il controllo e scrive i file dei risultati accanto all'elenco",
    "help_skip": "tralascia le righe errate",
    "help_accept": "invia nonostante i dubbi, per esempio un testo che sembra una prova",
    "help_domicile": "con i domicili digitali (INAD) dei cittadini non raggiunti",
    "help_approval": "una seconda persona deve approvare l'invio",
    "help_start": "quando comincia l'invio, al più presto: data e ora con il fuso orario",
    "help_rate": "quante righe al minuto si inviano al massimo",
    "help_charset": "la codifica dell'elenco, se non viene riconosciuta: cp850",
    "help_new": "ricomincia, anche se questo elenco è già stato inviato",
    "help_resume": "continua con questo invio",
    "help_status": "mostra un invio, o gli ultimi",
    "help_batch": "l'identificativo di un invio",
    "help_reach": "dice quali cittadini sono raggiungibili",
    "help_codes": "un file con un codice fiscale per riga; - legge lo standard input",
    "help_keys": "dice quale chiave si usa e i suoi limiti; la chiave non viene mostrata",
    "help_pause": "sospende un invio",
    "help_go_on": "riprende un invio sospeso",
    "help_cancel": "non invia altre righe di un invio",
    "help_recall": "ritira tutti i messaggi di un invio e, se è in corso, lo ferma",
    "help_reason": "che cosa si dice ai cittadini che hanno letto il messaggio",
    "help_confirm_recall": "ritira i messaggi; senza questa opzione non si ritira nulla",
    "help_retry": "invia di nuovo le righe non riuscite di un invio finito",
    # wrong use
    "no_key": (
        'manca la chiave: imposta RECAPITO_KEY, oppure scrivi key = "…" in {path} (permessi 600)'
    ),
    "no_url": "manca l'indirizzo: imposta RECAPITO_URL, o scrivi url = 'https://…' in {path}",
    "no_profile": "il profilo {profile} non c'è in {path}",
    "open_config": "altri utenti possono leggere {path}, che ha la chiave: usa chmod 600 {path}",
    "bad_config": "{path} non è TOML valido ({error})",
    "bad_state": "{path} non è leggibile; eliminalo per ricominciare",
    "bad_file": "{path}: {error}",
    "bad_url": "{error}",
    "bad_codes": "{path} non è in UTF-8: salvalo in UTF-8",
    "late": "il controllo dell'elenco, o il file dei domicili digitali, non è ancora pronto",
    "batch_gone": (
        "Recapito non ha più l'invio {batch} di questo elenco. Per inviarlo un'altra volta: "
        "aggiungi --new"
    ),
    "no_letter": "indica la lettera: --template lettera.md, oppure --stored NOME",
    "no_reason": "indica che cosa dire ai cittadini che hanno letto il messaggio: --reason TESTO",
    "no_list": "indica l'elenco: recapito send elenco.csv --template lettera.md",
    "two_letters": "indica --template oppure --stored, non entrambi",
    "bad_time": "{value} non è una data con ora e fuso orario, come 2027-03-01T08:00:00+01:00",
    "letter_language": "{path}: non ci sono lettere in {language}; ci sono {known}",
    "letter_encoding": "{path} non è in UTF-8: salvalo in UTF-8",
    "letter_subject": "{path} non ha oggetto: comincia con una riga # Oggetto, o usa --subject",
    "letter_empty": "{path} non ha testo sotto l'oggetto",
    "letter_front": "{path}: tra le righe --- può esserci solo oggetto:, non {line}",
    "list_changed": "l'elenco è cambiato durante il caricamento: ripeti il comando",
    "sent_before": (
        "questo elenco o la sua lettera sono cambiati dopo l'invio {batch} ({status}) e possono "
        "avere gli stessi cittadini. Per seguire quell'invio: recapito send --resume {batch}. Per "
        "inviare righe corrette o nuove: mettile in un elenco a parte. Per inviare lo stesso tutto "
        "l'elenco un'altra volta: aggiungi --new"
    ),
    # sending
    "making": "Preparazione dell'invio",
    "uploading": "Caricamento dell'elenco",
    "checking": "Controllo delle righe",
    "sending": "Invio",
    "domiciles": "Richiesta dei domicili digitali: ci vogliono alcuni minuti",
    "waiting": "{reason}: nuovo tentativo tra {seconds:.0f} s",
    "batch_line": "Invio {id}: {status}",
    "list_form": "L'elenco è {form} in {encoding}{delimiter}.",
    "delimiter": ", separato da {delimiter}",
    "unused": "Le colonne {columns} non sono usate.",
    "unreadable": "L'elenco non è leggibile. Riga {line}: {message}",
    "unreadable_whole": "L'elenco non è leggibile: {message}",
    "rows": "{rows} righe: {good} senza errori, {wrong} errate.",
    "outcome": "esito",
    "count": "righe",
    "line": "riga",
    "field": "colonna",
    "rule": "regola",
    "more_problems": "I primi problemi di {wrong} righe errate; {path} li ha tutti.",
    "estimate": "L'invio dura circa {time}.",
    "doubt": "Dubbio: {doubt}.",
    "nothing_sent": "Non è stato inviato nulla.",
    "to_correct": "Correggi l'elenco e ripeti il comando, oppure tralascia le righe errate:",
    "to_accept": "Per inviare nonostante i dubbi:",
    "to_send": "Per inviare:",
    "to_approve": "L'invio attende una seconda persona, che lo approva con un'altra chiave.",
    "scheduled": "L'invio comincia alle {at}.",
    "paused": "L'invio è sospeso. Per continuare: recapito resume {id}",
    "to_follow": "Per seguirlo: recapito send --resume {id}",
    "files": "File dei risultati: {paths}",
    "failed_rows": (
        "{failed} righe non riuscite per un guasto di Recapito. Per riprovare: recapito retry {id}"
    ),
    "withdrawing": "Ritiro (le righe in corso richiedono fino a sei minuti)",
    "nothing_withdrawn": "Non è stato ritirato nulla.",
    "to_withdraw": "Per ritirare tutti i messaggi dell'invio:",
    "recall_reason": "Ritirato con il motivo: {reason}",
    "to_follow_recall": "Per seguirlo: recapito recall {id}",
    "kept_rows": "{kept} messaggi non sono stati ritirati; i motivi dicono perché.",
    "interrupted": "Interrotto.",
    "goes_on": (
        "L'invio {id} resta com'è: se è in corso, continua. Per seguirlo: recapito send --resume "
        "{id}. Per sospenderlo: recapito pause {id}"
    ),
    "recall_goes_on": (
        "Se il ritiro dell'invio {id} è cominciato, continua. Per seguirlo, ripeti il comando."
    ),
    # other commands
    "id": "invio",
    "name": "nome",
    "status": "stato",
    "created": "creato",
    "done": "fatte",
    "reason": "motivo",
    "meaning": "significato",
    "no_batches": "Non ci sono invii.",
    "reach_counts": "{codes} cittadini: {reachable} raggiungibili, {others} no.",
    "wrong_codes": "Il file ha codici fiscali errati:",
    "wrong_code": "riga {line}: {detail}",
    "key_source": "Chiave: da {source}",
    "key_url": "Indirizzo: {url}",
    "key_profiles": "Profili del file: {profiles}",
    "calls": "Chiamate: {remaining} su {limit} rimaste in {seconds} s",
    "calls_any": "Chiamate: senza limite",
    "trial": "Prova: {remaining} messaggi su {limit} rimasti oggi",
    "limit": "limite",
    "unit": "unità",
}
