#!/bin/sh
# Registers the stamp's application in Entra ID, or brings it up to date, and prints its client id.
#
#   STAMP=emea STAMP_ENVIRONMENT=prod AZURE_LOCATION=westeurope infra/scripts/application.sh
#
# In the public cloud infra/application.bicep does it. The Graph extension of Bicep knows no other cloud, so elsewhere the
# same is done by commands. No client secret is made anywhere: the managed identity is the application's credential.
set -eu

stamp="${STAMP:-dev}"
environment_name="${STAMP_ENVIRONMENT:-trial}"
location="${AZURE_LOCATION:?is missing: set it to the Azure region, such as westeurope}"
public_host="${PUBLIC_HOST:-}"
infra="$(cd "$(dirname "$0")/.." && pwd)"
name="$stamp-$environment_name"
title="Dynamics 365 export"

# Deploys a template at the level of the subscription and prints one of its outputs. Outputs that are asked for here begin
# with a small letter: Azure gives names in capitals back in another spelling, and a query minds the difference.
deployed() {
    template="$1"
    output="$2"
    shift 2
    az deployment sub create --only-show-errors \
        --name "$(basename "$template" .bicep)-$name" --location "$location" --template-file "$template" \
        --parameters "stamp=$stamp" "environmentName=$environment_name" "publicHost=$public_host" "$@" \
        --query "properties.outputs.$output.value" --output tsv
}

registered_by_commands() {
    case "$1" in
        AzureUSGovernment) audience=api://AzureADTokenExchangeUSGov ;;
        AzureChinaCloud) audience=api://AzureADTokenExchangeChina ;;
        *) echo "application.sh: the cloud $1 is not known here; add its token exchange audience." >&2 && exit 1 ;;
    esac
    redirect_uri="$(deployed "$infra/modules/names.bicep" apiUrl)/oauth/callback"
    group="rg-dynamics-export-$name"
    az group create --only-show-errors --name "$group" --location "$location" --output none
    principal="$(az identity create --only-show-errors --name "id-$name" --resource-group "$group" \
        --location "$location" --query principalId --output tsv)"
    # Dataverse, and its delegated permission user_impersonation.
    permissions='[{"resourceAppId": "00000007-0000-0000-c000-000000000000", "resourceAccess": [{"id": "78ce3f0f-a1ce-49c2-8cde-64b5c0896db4", "type": "Scope"}]}]'
    # The display name tells two stamps apart, because commands know no unique name.
    client_id="$(az ad app list --display-name "$title $name" --query '[0].appId' --output tsv)"
    if [ -z "$client_id" ]; then
        client_id="$(az ad app create --display-name "$title $name" --sign-in-audience AzureADMultipleOrgs \
            --query appId --output tsv)"
    fi
    az ad app update --id "$client_id" --web-redirect-uris "$redirect_uri" --required-resource-accesses "$permissions"
    if [ -z "$(az ad app federated-credential list --id "$client_id" --query "[?name=='function-app'].id" --output tsv)" ]; then
        login="$(az cloud show --query endpoints.activeDirectory --output tsv)"
        tenant="$(az account show --query tenantId --output tsv)"
        az ad app federated-credential create --id "$client_id" --output none --parameters "{
            \"name\": \"function-app\",
            \"issuer\": \"${login%/}/$tenant/v2.0\",
            \"subject\": \"$principal\",
            \"audiences\": [\"$audience\"]
        }"
    fi
    echo "$client_id"
}

cloud="$(az cloud show --query name --output tsv)"
if [ "$cloud" = AzureCloud ]; then
    client_id="$(deployed "$infra/application.bicep" clientId "location=$location")"
else
    client_id="$(registered_by_commands "$cloud")"
fi
echo "$client_id"
# azd keeps it for the deployment that follows.
if [ -n "${AZURE_ENV_NAME:-}" ] && command -v azd >/dev/null; then
    azd env set ENTRA_CLIENT_ID "$client_id"
fi
