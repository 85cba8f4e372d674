#!/usr/bin/env bash
# Workbooks and LibreOffice: what it writes as .xlsx, .ods and .csv reads back equal, and what we write opens in it and keeps its
# dropdowns. Needs soffice (Debian: libreoffice-calc) and python3; run by `make test-office`.
set -euo pipefail
rungs=$(realpath "${1:-target/release/rungs}")
root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

office() { soffice --headless --norestore "-env:UserInstallation=file://$work/profile" "$@" > office.log 2>&1 || { cat office.log; exit 1; }; }
hash() { "$rungs" check "$1" --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["sha256"])'; }

"$rungs" template example.xlsx --profile operations 2> /dev/null
cp "$root"/instances/*.json .
# Texts that spreadsheets misread, leading zeros, line breaks, dates, lists.
python3 "$root/tests/outside/odd.py" > odd.json
for json in *.json; do "$rungs" convert "$json" "${json%.json}.xlsx"; done

failed=0
for book in *.xlsx; do
    name=${book%.xlsx}
    wanted=$(hash "$book")
    mkdir -p out && rm -rf out/*
    office --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir out "$book"
    office --convert-to ods --outdir out "$book"
    # Every sheet as a file of its own, in UTF-8, as shown.
    office --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1' --outdir out/csv "$book"
    rm -f out/csv/*"# Lists"* && for file in out/csv/*.csv; do mv "$file" "${file/"$name-"/}"; done
    for copy in out/$name.xlsx out/$name.ods out/csv; do
        got=$(hash "$copy") || got=refused
        if [ "$got" != "$wanted" ]; then echo "DIFFERS: $copy of $name"; failed=1; fi
    done
    python3 "$root/tests/outside/dropdowns.py" "$book" "out/$name.xlsx" || failed=1
    # Ours as .ods: it opens, holds the same, keeps its dropdowns.
    "$rungs" convert "$book" "$name.ods"
    office --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir out/ods "$name.ods"
    if [ "$(hash "$name.ods")" != "$wanted" ] || [ "$(hash "out/ods/$name.xlsx")" != "$wanted" ]; then echo "DIFFERS: $name as .ods"; failed=1; fi
    python3 "$root/tests/outside/dropdowns.py" "$book" "out/ods/$name.xlsx" || failed=1
done
[ $failed = 0 ] && echo "office: all workbooks read back equal and keep their dropdowns"
exit $failed
