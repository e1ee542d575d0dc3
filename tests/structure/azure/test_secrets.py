"""Secrets, keys, roles and locks: the identity of the app has the rights that the app needs."""

import re

from tests.bicep import (
    AZURE,
    FILES,
    app_settings,
    module,
    only,
    parsed,
    resources,
    texts,
)


def test_resources_with_data_have_a_lock() -> None:
    """Storage, documents and secrets cannot be deleted; nothing is made read-only."""
    held = {
        given["scope"]: given["properties"]["level"]
        for _, _, given in resources("Microsoft.Authorization/locks")
    }

    assert held == dict.fromkeys(("storage", "cosmos", "vault"), "CanNotDelete")


def test_secrets_reach_the_app_through_the_vault_alone() -> None:
    """No key and no secret is written down, asked of Azure, or passed in the open."""
    for name in ("KEY_HASH_SECRET", "PSEUDONYM_SECRET"):
        assert app_settings()[name].startswith("@Microsoft.KeyVault(SecretUri=${")
    hub = str(app_settings()["NOTIFICATION_HUB_CONNECTION"])
    assert "@Microsoft.KeyVault(SecretUri=${hub.connectionUri})" in hub
    for name in (
        *("SMTP_PASSWORD", "LINK_SECRET", "LINK_SECRET_PREVIOUS"),
        *("KEY_HASH_SECRET_PREVIOUS", "PSEUDONYM_SECRET_PREVIOUS"),
        *("GATEWAY_SECRET", "GATEWAY_SECRET_PREVIOUS"),
        *("REMOTE_CONTENT_SECRET", "REMOTE_CONTENT_SECRET_PREVIOUS"),
        *("EVIDENCE_SECRET", "EVIDENCE_SECRET_PREVIOUS"),
    ):
        given = {one for one in texts(app_settings()[name]) if one.startswith("@")}
        assert [one.partition("=")[0] for one in given] == ["@Microsoft.KeyVault(SecretUri"]
    for path in FILES:
        text = path.read_text()
        asked = re.findall(r"(\w+): .*(?:listKeys|listSecrets)", text)
        # a hub knows no identity: its key goes from Azure into the vault
        assert asked == (["value"] if path.name == "notifications.bicep" else [])
        assert not re.search(r"AccountKey=|SharedAccess|sig=", text)
        assert [
            one for one in texts(parsed(path)) if re.fullmatch(r"[A-Za-z0-9+/]{32,}=*", one)
        ] == []
        for name, parameter in parsed(path).get("parameters", {}).items():
            secret = name.endswith("Secret") or (path.name == "secret.bicep" and name == "value")
            kinds = {decorator["type"] for decorator in parameter["decorators"]}
            assert ("secure" in kinds) == secret, (path.name, name)


def test_a_deployment_reads_the_vault_for_web_push_alone() -> None:
    """The private key goes from the vault to the hub, and the vault is closed without it."""
    asked = {
        path.name: re.findall(r"(\w+): (.*getSecret.*)", path.read_text())
        for path in FILES
        if "getSecret" in path.read_text()
    }
    vault = only("Microsoft.KeyVault/vaults")["properties"]

    assert asked == {
        "options.bicep": [
            (
                "webPushSecret",
                "empty(webPush.publicKey) ? '' : vault.getSecret('web-push-private-key')",
            )
        ]
    }
    assert vault["enabledForTemplateDeployment"] == "isReadByDeployments"
    main = (AZURE / "main.bicep").read_text()
    assert "isReadByDeployments: !empty(webPush.publicKey)" in main
    assert parsed(AZURE / "main.bicep")["parameters"]["webPush"]["default"]["publicKey"] == ""


def test_keys_are_switched_off() -> None:
    """Services that offer keys accept no keys."""
    storage = only("Microsoft.Storage/storageAccounts")["properties"]
    cosmos = only("Microsoft.DocumentDB/databaseAccounts")["properties"]
    insights = only("Microsoft.Insights/components")["properties"]
    vault = only("Microsoft.KeyVault/vaults")["properties"]
    policies = {
        given["name"]: given["properties"]
        for _, _, given in resources("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    }

    assert storage["allowSharedKeyAccess"] is False
    assert storage["allowBlobPublicAccess"] is False
    assert storage["defaultToOAuthAuthentication"] is True
    assert cosmos["disableLocalAuth"] is True
    assert cosmos["disableKeyBasedMetadataWriteAccess"] is True
    assert insights["DisableLocalAuth"] is True
    assert vault["enableRbacAuthorization"] is True
    assert vault["enablePurgeProtection"] is True
    assert policies == {"ftp": {"allow": False}, "scm": {"allow": False}}


def test_the_identity_may_do_what_it_must_and_no_more() -> None:
    """Each role is assigned once, on one resource, under a stable name."""
    granted = {
        (given["scope"], str(given["properties"]["roleDefinitionId"]))
        for _, _, given in resources("Microsoft.Authorization/roleAssignments")
    }
    roles = module("roles")["variables"]
    # the platform's documented role, or the smaller one that production takes
    assert (
        "blobRole == 'Owner' ? blobDataOwner : blobDataContributor"
        in (AZURE / "modules" / "roles.bicep").read_text()
    )

    assert {
        (scope, next(role for role in roles if f"'{role}'" in used)) for scope, used in granted
    } == {
        ("storage", "blobRoleId"),
        ("storage", "queueDataContributor"),
        ("vault", "secretsUser"),
        ("insights", "metricsPublisher"),
    }
    documents = only("Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments")
    assert documents["properties"]["scope"] == "${cosmos.id}/dbs/${databaseName}"
    names = [
        given["name"]["function"]["type"]
        for kind in (
            "Microsoft.Authorization/roleAssignments",
            "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments",
        )
        for _, _, given in resources(kind)
    ]
    assert names == ["guid"] * len(names)


def test_packages_are_not_deleted_by_age() -> None:
    """The age of a blob's version says nothing of when the version was replaced."""
    policy = only("Microsoft.Storage/storageAccounts/managementPolicies")["properties"]["policy"]
    named = [
        prefix
        for rule in policy["rules"]
        for prefix in rule["definition"]["filters"]["prefixMatch"]
    ]
    packages = f"{module('storage')['variables']['packages']['value']}/"

    assert packages == "deployments/"
    # a rule without a prefix would name every container
    assert all(rule["definition"]["filters"]["prefixMatch"] for rule in policy["rules"])
    assert not [one for one in named if packages.startswith(one) or one.startswith(packages)]


def test_no_log_of_the_platform_has_addresses_of_requests() -> None:
    """A query may have a key. The logs of requests that Azure offers are not switched on."""
    logs = {
        log["category"]
        for _, _, given in resources("Microsoft.Insights/diagnosticSettings")
        for log in given["properties"].get("logs", [])
        if "category" in log
    }
    offered = {"AppServiceHTTPLogs", "FrontDoorAccessLog", "GatewayLogs"}

    assert logs
    assert not logs & offered
    assert not any("allLogs" in path.read_text() for path in FILES)
    assert not list(resources("Microsoft.ApiManagement/service/diagnostics"))
    assert not list(resources("Microsoft.ApiManagement/service/apis/diagnostics"))
