"""Whether two workbooks offer the same dropdowns: as many cells of every sheet, column by column."""

import re
import sys
import zipfile


def number(letters):
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - ord("A") + 1
    return n


def dropdowns(path):
    found = {}
    with zipfile.ZipFile(path) as book:
        names = re.findall(r'<sheet [^>]*?name="([^"]*)"', book.read("xl/workbook.xml").decode())
        for i, name in enumerate(names, 1):
            text = book.read(f"xl/worksheets/sheet{i}.xml").decode()
            for head in re.findall(r"<dataValidation ([^>]*)>", text):
                if 'type="list"' in head:
                    for area in re.search(r'sqref="([^"]*)"', head)[1].split():
                        # Columns side by side that offer the same may be one area.
                        ends = [number(letters) for letters in re.findall(r"[A-Z]+", area)]
                        for column in range(ends[0], ends[-1] + 1):
                            found.setdefault((name, column), []).append(area)
    return {key: sorted(areas) for key, areas in found.items()}


ours, theirs = dropdowns(sys.argv[1]), dropdowns(sys.argv[2])
lost = sorted(key for key in ours if key not in theirs)
if lost:
    print(f"LOST: {len(lost)} of {len(ours)} columns with dropdowns: {lost[:5]}")
sys.exit(1 if lost else 0)
