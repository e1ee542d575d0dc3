"""The words of the command line in English."""

from typing import Final

ENGLISH: Final = {
    # the help
    "about": "Send messages of public administrations to citizens by Recapito.",
    "exits": (
        "Exit codes: 0 done; 1 refused, or rows are wrong or failed; 2 the command, a file or the "
        "configuration is wrong; 3 no connection; 130 interrupted. The key comes from RECAPITO_KEY "
        "or from the configuration file, never from the command line."
    ),
    "help_lang": "the language of messages: en or it (default: that of LANG)",
    "help_json": "print one JSON object instead of words",
    "help_url": "the address of Recapito (default: RECAPITO_URL, or the configuration)",
    "help_profile": "the key of this profile of the configuration file",
    "help_send": "check a list of citizens and send them a letter",
    "help_list": "the list: CSV, JSON lines or JSON, with a column fiscal_code",
    "help_template": "the letter in Markdown; letter.de.md beside it is its German variant",
    "help_stored": "a template that is stored in Recapito, in place of a letter",
    "help_name": "your name for the batch (default: the name of the list)",
    "help_subject": "the subject, in place of that of the letter",
    "help_dry_run": "check only, send nothing; this is the default",
    "help_confirm": "send once the list is checked, and write the result files beside it",
    "help_skip": "leave out the rows that are wrong",
    "help_accept": "send in spite of doubts, such as a text that looks like a test",
    "help_domicile": "with the digital domiciles (INAD) of the citizens who were not reached",
    "help_approval": "a second person must approve the batch",
    "help_start": "when sending starts at the earliest: date and time with its zone",
    "help_rate": "the most rows that are sent in a minute",
    "help_charset": "the encoding of the list, if it is found out wrongly: cp850",
    "help_new": "begin anew, although this list was sent before",
    "help_resume": "go on with this batch",
    "help_status": "show a batch, or the latest ones",
    "help_batch": "the id of a batch",
    "help_reach": "tell which citizens can be reached",
    "help_codes": "a file with a fiscal code in each line; - reads the standard input",
    "help_keys": "tell which key is used, and its limits; the key itself is not shown",
    "help_pause": "stop sending a batch for now",
    "help_go_on": "send a paused batch on",
    "help_cancel": "send no further row of a batch",
    "help_retry": "send the failed rows of a finished batch again",
    # wrong use
    "no_key": ('there is no key: set RECAPITO_KEY, or write key = "…" into {path} (mode 600)'),
    "no_url": 'there is no address: set RECAPITO_URL, or write url = "https://…" into {path}',
    "no_profile": "there is no profile {profile} in {path}",
    "open_config": "other users can read {path}, which has your key: run chmod 600 {path}",
    "bad_config": "{path} is no valid TOML ({error})",
    "bad_state": "{path} cannot be read; remove it to begin anew",
    "bad_file": "{path}: {error}",
    "bad_url": "{error}",
    "bad_codes": "{path} is not UTF-8: save it as UTF-8",
    "late": "the check of the list, or the file of the digital domiciles, is not ready yet",
    "batch_gone": (
        "Recapito has no batch {batch} of this list any more. To send the list once more: add --new"
    ),
    "no_letter": "name the letter: --template letter.md, or --stored NAME",
    "no_list": "name the list: recapito send list.csv --template letter.md",
    "two_letters": "give either --template or --stored",
    "bad_time": "{value} is no date and time with its zone, such as 2027-03-01T08:00:00+01:00",
    "letter_language": "{path}: letters have no variant in {language}; there are {known}",
    "letter_encoding": "{path} is not UTF-8: save it as UTF-8",
    "letter_subject": "{path} has no subject: begin it with a line # Subject, or give --subject",
    "letter_empty": "{path} has no text below its subject",
    "letter_front": "{path}: the lines between --- may have a subject: alone, not {line}",
    "list_changed": "the list changed while it was uploaded: run the command again",
    "sent_before": (
        "this list or its letter changed since it was sent as batch {batch} ({status}), and may "
        "have the same citizens. To follow that batch: recapito send --resume {batch}. To send "
        "corrected or further rows: put them into a list of their own. To send the whole list once "
        "more all the same: add --new"
    ),
    # sending
    "making": "Making the batch",
    "uploading": "Uploading the list",
    "checking": "Checking the rows",
    "sending": "Sending",
    "domiciles": "Asking for the digital domiciles: this takes some minutes",
    "waiting": "{reason}: trying again in {seconds:.0f} s",
    "batch_line": "Batch {id}: {status}",
    "list_form": "The list is {form} in {encoding}{delimiter}.",
    "delimiter": ", separated by {delimiter}",
    "unused": "The columns {columns} are not used.",
    "unreadable": "The list cannot be read. Line {line}: {message}",
    "unreadable_whole": "The list cannot be read: {message}",
    "rows": "{rows} rows: {good} without errors, {wrong} wrong.",
    "outcome": "outcome",
    "count": "rows",
    "line": "line",
    "field": "column",
    "rule": "rule",
    "more_problems": "The first problems of {wrong} wrong rows; {path} has all.",
    "estimate": "Sending takes about {time}.",
    "doubt_UNUSUALLY_LARGE": "Doubt: the list is many times as long as your earlier ones.",
    "doubt_SENT_BEFORE": "Doubt: many of these payments were asked for, paid or cancelled before.",
    "doubt_TEST_TEXT": "Doubt: the text looks like a test.",
    "doubt_UNUSED_PAYMENT_COLUMNS": (
        "Doubt: the columns {columns} seem to be those of a payment, but are not used: the "
        "messages go out without it."
    ),
    "doubt_other": "Doubt: {doubt}.",
    "nothing_sent": "Nothing was sent.",
    "to_correct": "Correct the list and run the command again, or leave out the wrong rows:",
    "to_accept": "To send in spite of the doubts:",
    "to_send": "To send:",
    "to_approve": "The batch waits for a second person, who approves it with another key.",
    "scheduled": "Sending starts at {at}.",
    "paused": "The batch is paused. To go on: recapito resume {id}",
    "to_follow": "To follow it: recapito send --resume {id}",
    "files": "Result files: {paths}",
    "failed_rows": "{failed} rows failed by a fault of Recapito. To try again: recapito retry {id}",
    "interrupted": "Interrupted.",
    "goes_on": (
        "The batch {id} stays as it is: what is being sent is sent on. To follow it: recapito send "
        "--resume {id}. To stop it: recapito pause {id}"
    ),
    # other commands
    "id": "batch",
    "name": "name",
    "status": "status",
    "created": "made",
    "done": "done",
    "reason": "reason",
    "no_batches": "There are no batches.",
    "reach_counts": "{codes} citizens: {reachable} can be reached, {others} cannot.",
    "wrong_codes": "The file has wrong fiscal codes:",
    "wrong_code": "line {line}: {detail}",
    "key_source": "Key: from {source}",
    "key_url": "Address: {url}",
    "key_profiles": "Profiles of the file: {profiles}",
    "calls": "Calls: {remaining} of {limit} left in {seconds} s",
    "calls_any": "Calls: any number",
    "trial": "Trial: {remaining} of {limit} messages left today",
    "limit": "limit",
    "unit": "unit",
}
