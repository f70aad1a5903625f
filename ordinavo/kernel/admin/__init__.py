"""Admin pages that stay inside one tenant: scope, base classes, inlines, what is shown how."""
