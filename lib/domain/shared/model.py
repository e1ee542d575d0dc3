"""The base of the app's pydantic models."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A model whose validator is built at its first use.

    A process uses few of the two hundred models, and all of them take a third of a second.
    """

    model_config = ConfigDict(defer_build=True)
