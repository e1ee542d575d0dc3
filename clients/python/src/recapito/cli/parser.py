"""The options of the command line, with their help in the user's language."""

import argparse
from collections.abc import Mapping

from recapito import __version__
from recapito.cli.words import LANGUAGES


def make_parser(words: Mapping[str, str]) -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=LANGUAGES, help=words["help_lang"])
    common.add_argument("--json", action="store_true", help=words["help_json"])
    common.add_argument("--url", help=words["help_url"])
    common.add_argument("--profile", help=words["help_profile"])
    parser = argparse.ArgumentParser(
        prog="recapito", description=words["about"], epilog=words["exits"], allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"recapito {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help_: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=words[help_],
            description=words[help_],
            epilog=words["exits"],
            parents=[common],
            allow_abbrev=False,
        )

    _send(command("send", "help_send"), words)
    command("status", "help_status").add_argument("batch", nargs="?", help=words["help_batch"])
    command("reach", "help_reach").add_argument("codes", help=words["help_codes"])
    command("keys", "help_keys")
    for name, help_ in (
        ("pause", "help_pause"),
        ("resume", "help_go_on"),
        ("cancel", "help_cancel"),
        ("retry", "help_retry"),
    ):
        command(name, help_).add_argument("batch", help=words["help_batch"])
    recall = command("recall", "help_recall")
    recall.add_argument("batch", help=words["help_batch"])
    recall.add_argument("--reason", metavar="TEXT", help=words["help_reason"])
    recall.add_argument("--confirm", action="store_true", help=words["help_confirm_recall"])
    return parser


def _send(parser: argparse.ArgumentParser, words: Mapping[str, str]) -> None:
    parser.add_argument("list", nargs="?", help=words["help_list"])
    parser.add_argument("--template", metavar="LETTER.md", help=words["help_template"])
    parser.add_argument("--stored", metavar="NAME", help=words["help_stored"])
    parser.add_argument("--name", help=words["help_name"])
    parser.add_argument("--subject", help=words["help_subject"])
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--dry-run", action="store_true", help=words["help_dry_run"])
    either.add_argument("--confirm", action="store_true", help=words["help_confirm"])
    parser.add_argument("--skip-wrong-rows", action="store_true", help=words["help_skip"])
    parser.add_argument("--accept-doubts", action="store_true", help=words["help_accept"])
    parser.add_argument("--digital-domicile", action="store_true", help=words["help_domicile"])
    parser.add_argument("--needs-approval", action="store_true", help=words["help_approval"])
    parser.add_argument("--start-at", metavar="TIME", help=words["help_start"])
    parser.add_argument("--rows-per-minute", type=int, metavar="N", help=words["help_rate"])
    parser.add_argument("--charset", metavar="NAME", help=words["help_charset"])
    parser.add_argument("--new", action="store_true", help=words["help_new"])
    parser.add_argument("--resume", metavar="BATCH", help=words["help_resume"])
