"""Where plugins tell what they do: nobody listens."""
from ansible.plugins.lookup import Silence as Display  # noqa: F401
