"""Read the two sets of parameters of infra/azure, so that the prices are those of the sets."""

import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from infra.costs.model.data import Data, DataError

AZURE: Final = Path(__file__).parents[2] / "azure"
SETS: Final = {"small": "main.bicepparam", "production": "production.bicepparam"}
_DEFAULT: Final = re.compile(
    r"^param (\w+) = (?:\w+\()?readEnvironmentVariable\('\w+', '([^']*)'\)\)?$", re.MULTILINE
)
_OF_BICEP: Final = re.compile(
    r"^param (\w+) (?:int|bool|string|array) = (.+?)(?: //.*)?$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """A set of parameters with the defaults of main.bicep; all values are texts."""

    name: str
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        try:
            return self.values[name]
        except KeyError:
            raise DataError(f"{SETS[self.name]}: no {name}") from None

    def number(self, name: str) -> Decimal:
        """Return a number; raise DataError for an unknown parameter."""
        return Decimal(self[name])

    def has(self, name: str) -> bool:
        """Return a switch; raise DataError for an unknown parameter."""
        return self[name] == "true"

    def count(self, name: str) -> int:
        """Return the length of a list; raise DataError for an unknown parameter."""
        return len(json.loads(self[name].replace("'", '"')))

    def chosen(self, **values: str) -> "Deployment":
        """Return the set with other values."""
        return replace(self, values={**self.values, **values})

    def applied(self, data: Data) -> Data:
        """Return the inputs with this set's values for instances, telemetry and backups."""
        of_serverless = self["cosmosMode"] == "serverless" and self.has("cosmosZoneRedundant")
        changes = {
            "instance_mb": self.number("instanceMemoryMB"),
            "log_daily_cap_gb": self.number("logDailyCapGb"),
            "backup_days": Decimal(30 if "30" in self["cosmosBackupTier"] else 7),
            "app_kept": self.number("traceRatio"),
            "host_kept": self.number("hostTraceRatio"),
        }
        if not of_serverless:
            changes["zone_factor_serverless"] = Decimal(1)
        return replace(data, assumptions=data.assumptions.changed(changes))


def read_deployment(name: str) -> Deployment:
    """Read a set: the defaults of main.bicep, replaced by its own values; raise OSError."""
    bicep = dict(_OF_BICEP.findall((AZURE / "main.bicep").read_text()))
    chosen = dict(_DEFAULT.findall((AZURE / SETS[name]).read_text()))
    values = {one: text.strip().strip("'") for one, text in bicep.items()} | chosen
    return Deployment(name, values)
