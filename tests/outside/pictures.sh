#!/usr/bin/env bash
# The guide's pictures, made from the real program: its workbooks through LibreOffice, its report through Chromium. Needs soffice
# (Debian: libreoffice-calc), pdftoppm and pdftotext (poppler-utils) and, for the report, chromium; run by `make pictures`.
set -euo pipefail
rungs=$(realpath "${1:-target/release/rungs}")
pictures=$(realpath "$(dirname "$0")/../../src/guide/pictures")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$rungs" template programme.xlsx --profile operations
"$rungs" plan programme.xlsx -o plan.xlsx --quiet
for book in programme plan; do
    soffice --headless --norestore "-env:UserInstallation=file://$work/profile" --convert-to pdf --outdir . $book.xlsx > office.log 2>&1 || { cat office.log; exit 1; }
done

# picture NAME BOOK DOTS HEIGHT WORD...: the top of the first page on which all the words stand, within its margins, at so many
# dots an inch: a sheet is as wide as its page, so the more columns it has the more dots its letters need.
picture() {
    local name=$1 book=$2 dots=$3 height=$4 page pages
    shift 4
    pages=$(pdfinfo "$book.pdf" | sed -n 's/^Pages: *//p')
    for page in $(seq "$pages"); do
        local text found=yes
        text=$(pdftotext -layout -f "$page" -l "$page" "$book.pdf" -)
        for word in "$@"; do grep -qF -- "$word" <<< "$text" || found=no; done
        [ $found = yes ] && break
    done
    [ $found = yes ] || { echo "no page of $book shows: $*"; exit 1; }
    pdftoppm -png -r "$dots" -f "$page" -l "$page" -x $((dots * 38 / 100)) -y $((dots * 47 / 100)) -W 1100 -H "$height" -singlefile "$book.pdf" "$pictures/$name"
    echo "$name.png: page $page of $book"
}
picture participants programme 380 270 cohort home p0001
picture rules programme 220 650 rule mode harder-than-last
picture board plan 240 205 participant 2027-Q1 2029-Q4
picture placements plan 150 400 participant position from until

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || { echo "chromium is missing: no picture of the report"; exit 1; }
"$rungs" report programme.xlsx plan.xlsx -o report.html
"$browser" --headless --no-sandbox --hide-scrollbars --window-size=1280,900 "--screenshot=$pictures/report.png" "file://$work/report.html" > /dev/null 2>&1
echo "report.png: the first view of the report"
