"""Settings of the notification hub, the payment node and the mail server."""

import pytest

from lib.composition.settings import SettingsError, read_settings
from lib.composition.settings.push import SANDBOX_PUBLIC_KEY
from tests.builders.settings import a_secret
from tests.functions.devices.device_calls import KEYS
from tests.unit.settings.support import AZURE, EMULATORS

HUB = "Endpoint={0}/;SharedAccessKeyName=recapito;SharedAccessKey=a-hub-key"
GOOD_HUB = {
    "NOTIFICATION_HUB_CONNECTION": HUB.format("sb://ns.example"),
    "NOTIFICATION_HUB_NAME": "citizens",
}


@pytest.mark.parametrize("endpoint", ["sb://ns.servicebus.windows.net", "http://127.0.0.1:9000"])
def test_a_hub_goes_with_the_azure_stack(environment: pytest.MonkeyPatch, endpoint: str) -> None:
    """The hub is in Azure, in Azure's form of a connection string, or on this machine."""
    values = {
        "NOTIFICATION_HUB_CONNECTION": HUB.format(endpoint),
        "NOTIFICATION_HUB_NAME": "citizens",
    }
    for name, value in {**AZURE, **values}.items():
        environment.setenv(name, value)

    assert read_settings().notification_hub_name == "citizens"


@pytest.mark.parametrize(
    "values",
    [
        {"NOTIFICATION_HUB_NAME": ""},
        {"NOTIFICATION_HUB_NAME": "a/b"},
        {"NOTIFICATION_HUB_CONNECTION": ""},
        {"NOTIFICATION_HUB_CONNECTION": "@Microsoft.KeyVault(SecretUri=https://a-hub-key)"},
        {"NOTIFICATION_HUB_CONNECTION": HUB.format("http://hub.example")},
        {"NOTIFICATION_HUB_CONNECTION": HUB.format("https://hub.example")},
        {"NOTIFICATION_HUB_CONNECTION": "Endpoint=sb://a-hub-key.example/"},
        {"STACK": "embedded"},
        EMULATORS,
    ],
)
def test_a_hub_that_cannot_be_is_named_and_not_shown(
    environment: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    """Half a hub, an unresolved reference, plain HTTP and another stack are refused."""
    kept = {} if values is EMULATORS else AZURE
    for name, value in {**kept, **GOOD_HUB, **values}.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match="NOTIFICATION_HUB_") as caught:
        read_settings()

    assert "a-hub-key" not in str(caught.value)


def test_a_hub_may_push_to_browsers(environment: pytest.MonkeyPatch) -> None:
    """The key is kept in one form, with padding or without."""
    for name, value in {**AZURE, **GOOD_HUB, "WEB_PUSH_PUBLIC_KEY": f"{KEYS['p256dh']}="}.items():
        environment.setenv(name, value)

    assert read_settings().web_push_public_key == KEYS["p256dh"]


@pytest.mark.parametrize(
    "values",
    [
        {"WEB_PUSH_PUBLIC_KEY": KEYS["p256dh"], **dict.fromkeys(GOOD_HUB, "")},
        {"WEB_PUSH_PUBLIC_KEY": SANDBOX_PUBLIC_KEY},
        {"WEB_PUSH_PUBLIC_KEY": KEYS["p256dh"][:-4]},
        {"WEB_PUSH_PUBLIC_KEY": KEYS["auth"]},
        {"WEB_PUSH_PUBLIC_KEY": f"{KEYS['p256dh'][:-2]}x4"},
        {"WEB_PUSH_PUBLIC_KEY": "-----BEGIN PUBLIC KEY-----"},
    ],
)
def test_a_key_of_web_push_is_a_point_and_needs_a_hub(
    environment: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    """A private key that is put there by mistake is refused, and not shown."""
    for name, value in {**AZURE, **GOOD_HUB, **values}.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match="WEB_PUSH_PUBLIC_KEY") as caught:
        read_settings()

    assert values["WEB_PUSH_PUBLIC_KEY"] not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"PAYMENT_NODE_URL": "http://node.example/v1", "PAYMENT_NODE_KEY": "k"}, "https"),
        ({"PAYMENT_NODE_URL": "https://node.example/v1"}, "PAYMENT_NODE_KEY"),
        ({"PAYMENT_NODE_URL": "node.example"}, "PAYMENT_NODE_URL"),
        ({"PAYMENT_NODE_URL": "https://node.example?a", "PAYMENT_NODE_KEY": "k"}, "PAYMENT_NODE"),
    ],
)
def test_a_payment_node_is_an_address_and_a_key(
    environment: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    """Plain HTTP is allowed to a loopback address alone."""
    for name, value in values.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match=named):
        read_settings()
    environment.setenv("PAYMENT_NODE_KEY", "k")
    for address in ("http://127.0.0.1:7072/v1", "https://node.example/v1"):
        environment.setenv("PAYMENT_NODE_URL", address)
        assert read_settings().payment_node_url == address


MAIL = {
    "SMTP_HOST": "smtp.example",
    "SMTP_USERNAME": "user",
    "SMTP_PASSWORD": "a-password",
    "MAIL_FROM": "Recapito <no-reply@ente.example>",
    "PUBLIC_URL": "https://recapito.example",
    "LINK_SECRET": a_secret("link"),
}


AT_HOME = {**MAIL, "SMTP_HOST": "127.0.0.1", "PUBLIC_URL": "http://127.0.0.1:7071"}


@pytest.mark.parametrize(
    "values",
    [
        MAIL,
        {**MAIL, "SMTP_SECURITY": "tls", "SMTP_PORT": "465"},
        {**MAIL, "SMTP_USERNAME": "", "SMTP_PASSWORD": ""},
        {**MAIL, "MAIL_FROM": "no-reply@ente.example"},
        {**MAIL, "APP_URL": "https://app.example/messages"},
        {**MAIL, "MAIL_FROM": "Città di Forlì <no-reply@ente.example>"},
        {**AT_HOME, "SMTP_SECURITY": "none", "SANDBOX": "true"},
    ],
)
def test_a_complete_mail_server_is_accepted(
    environment: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    """The app reaches a server by STARTTLS or TLS, and a server of this machine in the open."""
    for name, value in values.items():
        environment.setenv(name, value)

    settings = read_settings()

    assert settings.has_links
    assert settings.mailbox is not None
    assert settings.mailbox.addr_spec == "no-reply@ente.example"
    assert "a-password" not in repr(settings)
    assert a_secret("link") not in repr(settings)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({**MAIL, "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({**MAIL, "SMTP_SECURITY": "whatever"}, "SMTP_SECURITY"),
        ({**MAIL, "SMTP_PORT": "0"}, "SMTP_PORT"),
        ({**MAIL, "SMTP_HOST": "smtp://example"}, "SMTP_HOST"),
        ({**MAIL, "SANDBOX": "true"}, "SMTP_HOST"),
        ({**MAIL, "SMTP_PASSWORD": ""}, "SMTP_PASSWORD"),
        ({**MAIL, "SMTP_USERNAME": ""}, "SMTP_USERNAME"),
        ({**MAIL, "MAIL_FROM": ""}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "Recapito"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "a@ente.example, b@ente.example"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "a@ente.example\nBcc: b@ente.example"}, "MAIL_FROM"),
        ({**MAIL, "PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({**MAIL, "PUBLIC_URL": "http://recapito.example"}, "PUBLIC_URL"),
        ({**MAIL, "PUBLIC_URL": "recapito.example"}, "PUBLIC_URL"),
        ({**MAIL, "APP_URL": "http://app.example"}, "APP_URL"),
        ({**MAIL, "APP_URL": "https://app.example/?message_id="}, "APP_URL"),
        ({**MAIL, "LINK_SECRET": ""}, "LINK_SECRET"),
        ({"LINK_SECRET": "a-link-secret"}, "LINK_SECRET"),
    ],
)
def test_the_error_names_a_wrong_setting_of_the_mail_server(
    environment: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    """The error names the setting and shows no secret."""
    for name, value in values.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match=named) as caught:
        read_settings()

    assert "a-password" not in str(caught.value)
    assert "a-link-secret" not in str(caught.value)
    assert a_secret("link") not in str(caught.value)
