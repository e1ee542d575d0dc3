"""The problems of a batch's recipients, as JSON and as a file."""

from tests.functions.batches.batch_calls import CITIZENS, ask, checked, table, with_citizens
from tests.stack import Stack

SHORT = {"subject": "Tassa sui rifiuti 2027", "markdown": "Gentile {{ nome }}, {{ testo }}"}


async def test_a_fault_of_the_text_is_a_problem_of_its_row(stack: Stack) -> None:
    """Rows without a reference of their own have such problems too."""
    await with_citizens(stack)
    rows = [[CITIZENS[0], "Mario", "breve"], [CITIZENS[1], "Lucia", "testo " * 20]]
    id_ = await checked(stack, rows, header=("cf", "nome", "testo"), content=SHORT)

    listed = await ask(stack, "list_batch_problems", id_)
    assert listed.status == 200, listed
    assert [(one["line"], one["code"], one["reference"]) for one in listed.body["items"]] == [
        (2, "WRONG_LENGTH", "")
    ]
    written = await table(stack, "read_batch_problems_file", id_)
    assert [(one["line"], one["code"]) for one in written] == [("2", "WRONG_LENGTH")]
