#!/usr/bin/env bash
# publish.sh PACKAGE: puts a package onto the function app that RESOURCE_GROUP and FUNCTION_APP name.
# PLAN is `flex` (the default), or `premium`, which reads its package from PACKAGE_CONTAINER_URL (infra/modules/functions.bicep).
set -euo pipefail

package=$1
: "${RESOURCE_GROUP:?the resource group of the region is not set}" "${FUNCTION_APP:?the function app is not set}"

case "${PLAN:-flex}" in
flex)
  az functionapp deployment source config-zip --resource-group "$RESOURCE_GROUP" --name "$FUNCTION_APP" --src "$package" --build-remote false --timeout 600
  ;;
premium)
  : "${PACKAGE_CONTAINER_URL:?the container of packages is not set}"
  az storage blob upload --auth-mode login --overwrite --blob-url "$PACKAGE_CONTAINER_URL/current.zip" --file "$package"
  az functionapp restart --resource-group "$RESOURCE_GROUP" --name "$FUNCTION_APP"
  ;;
*)
  echo "publish.sh: PLAN is '$PLAN'; it has to be flex or premium" >&2
  exit 2
  ;;
esac
