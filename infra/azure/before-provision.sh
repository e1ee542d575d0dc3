#!/bin/sh
# azd runs this script before it provisions (azure.yaml). The script asks Azure which resources exist,
# because this machine's copy of the environment may be new although the vault is old.
#
#   secrets     are created if the vault does not have them; otherwise they stay, and are removed from
#               the environment. ROTATE=KEY_HASH_SECRET, PSEUDONYM_SECRET or both, with a space, writes
#               the environment's value, or a new one. The app then also accepts the previous version,
#               until NAME_PREVIOUS_VERSION is empty (infra/README.md, "Rotate").
#   the mask    over telemetry stays active while the deployment writes the workspace again
#   the budget  keeps its first day; a new budget begins with this month
set -eu

say() { printf 'recapito: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

subscription=${AZURE_SUBSCRIPTION_ID:-}
if [ -z "$subscription" ]; then
    subscription=$(az account show --query id -o tsv)
    azd env set AZURE_SUBSCRIPTION_ID "$subscription"
fi
group="rg-recapito-$AZURE_ENV_NAME"
address="https://management.azure.com/subscriptions/$subscription/resourceGroups/$group/providers"

# found TYPE QUERY
found() { az resource list --subscription "$subscription" -g "$group" --resource-type "$1" --query "$2" -o tsv; }

# read_of PATH QUERY
read_of() { az rest --method get --url "$address/$1" --query "$2" -o tsv; }

there=$(az group exists --subscription "$subscription" -n "$group")
vault=""
names=""
if [ "$there" = true ]; then
    vault=$(found Microsoft.KeyVault/vaults '[0].name')
    rule=$(found Microsoft.Insights/dataCollectionRules "[?ends_with(name, '-mask')].id | [0]")
    [ -z "$rule" ] || azd env set TRANSFORMATION_RULE_ID "$rule"
fi
if [ -n "$vault" ]; then
    names=$(read_of "Microsoft.KeyVault/vaults/$vault/secrets?api-version=2023-07-01" 'value[].name')
else
    deleted=$(az keyvault list-deleted --subscription "$subscription" --resource-type vault -o tsv --query \
        "[?properties.tags.\"azd-env-name\" == '$AZURE_ENV_NAME' && properties.tags.product == 'recapito' && properties.location == '${AZURE_LOCATION:-italynorth}'].name | [0]")
    [ -z "$deleted" ] || die "the vault $deleted of this environment was deleted, secrets and all: recover it first (infra/README.md, \"After azd down\")"
fi

# secret NAME ITS-NAME-IN-THE-VAULT VALUE PREVIOUS-VERSION
secret() {
    if ! printf '%s\n' "$names" | grep -qx "$2"; then
        [ -n "$3" ] || azd env set "$1" "$(openssl rand -base64 32)"
        return
    fi
    case " ${ROTATE:-} " in
        *" $1 "*) ;;
        *)
            [ -z "$3" ] || say "$1 is in the vault and stays as it is: ROTATE=$1 would replace it"
            azd env set "$1" ""
            return
            ;;
    esac
    # a repeated rotation already has its value, and the vault may have it, too, so the version that
    # the first attempt stored stays
    if [ -z "$3" ] || [ -z "$4" ]; then
        uri=$(read_of "Microsoft.KeyVault/vaults/$vault/secrets/$2?api-version=2023-07-01" properties.secretUriWithVersion)
        azd env set "$1_PREVIOUS_VERSION" "${uri##*/}"
    fi
    [ -n "$3" ] || azd env set "$1" "$(openssl rand -base64 32)"
}

secret KEY_HASH_SECRET key-hash-secret "${KEY_HASH_SECRET:-}" "${KEY_HASH_SECRET_PREVIOUS_VERSION:-}"
secret PSEUDONYM_SECRET pseudonym-secret "${PSEUDONYM_SECRET:-}" "${PSEUDONYM_SECRET_PREVIOUS_VERSION:-}"

if [ "${MONTHLY_BUDGET:-0}" != 0 ]; then
    day=""
    [ "$there" != true ] || day=$(read_of 'Microsoft.Consumption/budgets?api-version=2023-11-01' \
        "value[?starts_with(name, 'budget-recapito-')].properties.timePeriod.startDate | [0]")
    day=${day:-${BUDGET_START_DATE:-$(date -u +%Y-%m-01)}}
    case $day in
        20[0-9][0-9]-[01][0-9]-01 | 20[0-9][0-9]-[01][0-9]-01T*) azd env set BUDGET_START_DATE "${day%%T*}" ;;
        *) die "BUDGET_START_DATE must be the first day of a month, as in $(date -u +%Y-%m-01): it is $day" ;;
    esac
fi
