"""How far an import may go for its client."""

from dataclasses import dataclass, field

EXTERNAL_ID_ONLY = "ExternalIdOnly"
EXTERNAL_ID_FIRST = "ExternalIdFirst"
EXTERNAL_ID_THEN_CUSTOMER_NUMBER = "ExternalIdThenCustomerNumber"
EXTERNAL_ID_THEN_NAME_AND_ADDRESS = "ExternalIdThenNameAndAddress"
MANUAL_ONLY = "ManualOnly"

CUSTOMER_NUMBER = "customerNumber"
EMAIL = "email"
PHONE = "phone"


@dataclass(frozen=True, slots=True)
class MappingPolicy:
    """A client's mapping settings and scopes. `create` and `update` hold the kinds whose switch is on.

    `evidence` is what may be looked at when the external id is unknown, strongest first. The scores and the
    margin say when a record that was found by name and address is linked, and when a manager is asked.
    """

    strategy: str = EXTERNAL_ID_FIRST
    fallbacks: tuple[str, ...] = ()
    create: frozenset[str] = frozenset()
    update: frozenset[str] = frozenset()
    may_write: bool = False
    link_score: float = 0.65
    review_score: float = 0.37
    link_margin: float = 0.25
    evidence: tuple[str, ...] = field(init=False, repr=False)

    @property
    def manual_only(self) -> bool:
        """Whether only a manager's decisions count."""
        return self.strategy == MANUAL_ONLY

    @property
    def by_name(self) -> bool:
        """Whether records are looked for by name and address too."""
        return self.strategy == EXTERNAL_ID_THEN_NAME_AND_ADDRESS

    def __post_init__(self) -> None:
        """Work out the evidence once: every record of an import asks for it."""
        object.__setattr__(self, "evidence", self._evidence())

    def _evidence(self) -> tuple[str, ...]:
        if self.strategy in {EXTERNAL_ID_THEN_CUSTOMER_NUMBER, EXTERNAL_ID_THEN_NAME_AND_ADDRESS}:
            return (CUSTOMER_NUMBER,)
        if self.strategy == EXTERNAL_ID_FIRST:
            return tuple(kind for kind in (CUSTOMER_NUMBER, EMAIL, PHONE) if kind in self.fallbacks)
        return ()
