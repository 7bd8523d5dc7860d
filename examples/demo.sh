#!/bin/sh
# The example company from an empty folder to orders in the ERP. Usage: examples/demo.sh WORKSPACE
set -eu
workspace=${1:-demo}
signoff=.venv/bin/signoff
company=examples/company
# The example orders are of autumn 2026; on another day their contracts would be over.
SIGNOFF_TODAY=2026-11-20
SIGNOFF_WORKSPACE=$workspace
export SIGNOFF_TODAY SIGNOFF_WORKSPACE

rm -rf "$workspace"
mkdir -p "$workspace"
cp $company/policy.yaml $company/access.cedar $company/people.csv $company/vendors.csv "$workspace/"
$signoff init "$workspace"
$signoff people import $company/people.csv
$signoff vendors import $company/vendors.csv
$signoff contracts import $company/contracts
$signoff history import $company/history.csv
$signoff policy check
echo
$signoff batch examples/orders --out "$workspace/records.jsonl"
echo
echo "The workspace is $workspace; for the commands above:  export SIGNOFF_WORKSPACE=$workspace SIGNOFF_TODAY=$SIGNOFF_TODAY PATH=\$PWD/.venv/bin:\$PATH"
