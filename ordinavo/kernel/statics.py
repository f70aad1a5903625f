"""Static files under names that change with their content, so that browsers may keep them for ever."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# A phone without a line shows pages of the version before, which name these; its service worker renews them.
_LASTING = "ordinavo/myday/"


class HashedStatics(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Leaves MyDay's names as they are, and references to source maps, which packages do not bring."""

    patterns = tuple(
        (files, tuple(pattern for pattern in found if "sourceMappingURL" not in str(pattern)))
        for files, found in CompressedManifestStaticFilesStorage.patterns
    )

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Return the name that pages use."""
        return name if name.startswith(_LASTING) else str(super().hashed_name(name, content, filename))
