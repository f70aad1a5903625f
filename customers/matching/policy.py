"""How far an import may go for its client."""

from dataclasses import dataclass, field

EXTERNAL_ID_ONLY = "ExternalIdOnly"
EXTERNAL_ID_FIRST = "ExternalIdFirst"
EXTERNAL_ID_THEN_CUSTOMER_NUMBER = "ExternalIdThenCustomerNumber"
MANUAL_ONLY = "ManualOnly"

CUSTOMER_NUMBER = "customerNumber"
EMAIL = "email"
PHONE = "phone"


@dataclass(frozen=True, slots=True)
class MappingPolicy:
    """A client's mapping settings and scopes. `create` and `update` hold the kinds whose switch is on.

    `evidence` is what may be looked at when the external id is unknown, strongest first.
    """

    strategy: str = EXTERNAL_ID_FIRST
    fallbacks: tuple[str, ...] = ()
    create: frozenset[str] = frozenset()
    update: frozenset[str] = frozenset()
    may_write: bool = False
    evidence: tuple[str, ...] = field(init=False, repr=False)

    @property
    def manual_only(self) -> bool:
        """Whether only a manager's decisions count."""
        return self.strategy == MANUAL_ONLY

    def __post_init__(self) -> None:
        """Work out the evidence once: every record of an import asks for it."""
        object.__setattr__(self, "evidence", self._evidence())

    def _evidence(self) -> tuple[str, ...]:
        if self.strategy == EXTERNAL_ID_THEN_CUSTOMER_NUMBER:
            return (CUSTOMER_NUMBER,)
        if self.strategy == EXTERNAL_ID_FIRST:
            return tuple(kind for kind in (CUSTOMER_NUMBER, EMAIL, PHONE) if kind in self.fallbacks)
        return ()
