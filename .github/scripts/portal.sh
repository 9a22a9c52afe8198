#!/usr/bin/env bash
# portal.sh PACKAGE: fits the built portal to its region (infra/scripts/portal.py says by which variables) and puts it onto the static web app
# that RESOURCE_GROUP and PORTAL_APP name. Its deployment key is asked for each time and kept nowhere.
set -euo pipefail

package=$1
: "${RESOURCE_GROUP:?the resource group of the region is not set}" "${PORTAL_APP:?the static web app is not set}"

files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
python3 -m zipfile --extract "$package" "$files"
python3 infra/scripts/portal.py "$files"

SWA_CLI_DEPLOYMENT_TOKEN=$(az staticwebapp secrets list --resource-group "$RESOURCE_GROUP" --name "$PORTAL_APP" --query properties.apiKey --output tsv)
echo "::add-mask::$SWA_CLI_DEPLOYMENT_TOKEN"
export SWA_CLI_DEPLOYMENT_TOKEN
npx --yes @azure/static-web-apps-cli@2.0.10 deploy "$files" --env production
