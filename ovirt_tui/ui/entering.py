"""Who can log in after a save, but not before."""

from __future__ import annotations

from ovirt_tui.i18n import _
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.records import dataclass
from ovirt_tui.pages.engine.feature import registered
from ovirt_tui.pages.security import Users


@dataclass(frozen=True)
class Entering:
    """The settings *wanted*, those *here* on the machine, and all that may apply *now*: the strictest counts."""

    wanted: NodeConfig
    here: NodeConfig
    now: tuple[NodeConfig, ...]

    def lets_in(self) -> bool:
        """Whether saving would let somebody log in who cannot now."""
        users = self.wanted[Users]
        known = set.intersection(*(set(config[Users].ssh_keys) for config in (self.here, *self.now)))
        locked = any(config[Users].root_locked for config in (self.here, *self.now))
        passwords = users.admin_password or users.root_password
        keys = set(users.ssh_keys) - known or self.lets_an_engine_in()
        return bool(passwords or keys or locked > users.root_locked or self.opens_ssh())

    def lets_an_engine_in(self) -> bool:
        """Whether saving would register with an engine, whose SSH key comes with that."""
        wanted = registered(self.wanted)
        return wanted is not None and any(registered(config) != wanted for config in (self.here, *self.now))

    def opens_ssh(self) -> bool:
        """Whether saving would allow SSH logins with a password that are not allowed now."""
        allowed_now = all(config[Users].ssh_password_login for config in (self.here, *self.now))
        return self.wanted[Users].ssh_password_login > allowed_now

    def unfinished(self) -> str:
        """What is missing for the settings to take effect; empty when nothing is."""
        users = self.wanted[Users]
        if self.here[Users].root_locked and not users.root_locked and not users.root_password:
            return _("root stays locked until it gets a password: type one, or tick Lock root again")
        if users.expired and not (users.admin_password or users.root_password):
            return _("nobody gets a new password here, so none can be asked for: type one, or untick that")
        return ""
