"""Write the message of a payment notice in the language of its citizen."""

from dataclasses import replace

from lib.domain.messages.message import Message
from lib.domain.messages.words.variants import Wording
from lib.domain.profiles.choices import Profile
from lib.rendering.texts.notice import render_notice
from lib.use_cases.payments.standings import Standings


class TranslateNotice:
    """Return a payment notice's message in the citizen's language.

    The fan-out translates at delivery. Before delivery, and for a rejected message, the sender
    reads the same text for every citizen, and so does not learn the citizen's language.
    Cost: one or two point reads of the notice if its message is in another language, else none.
    """

    def __init__(self, standings: Standings) -> None:
        self._standings = standings

    async def __call__(self, message: Message, profile: Profile) -> Wording | None:
        """Return the words of the message; None where it needs no change."""
        rpt_id = message.rpt_id
        if not message.is_notice or rpt_id is None:
            return None
        if profile.language == message.written_language:
            return None
        found = await self._standings.find(rpt_id)
        if found is None or message.id != found.notice.message_ids[found.index]:
            return None
        notice = replace(found.notice, language=profile.language)
        rendered = render_notice(notice, found.index, message.sender.organization_name)
        return Wording(profile.language, rendered.content.markdown)
