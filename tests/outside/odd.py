"""An instance whose texts spreadsheets, CSV files or the cells' own language could misread."""

import json

ODD = ["a, b", "say \"hi\"", "line\nbreak", "007", "1E5", "日本語", "שלום", "=1+1", "-1", "@SUM(A1)", " space ", "a;b", "none", "a or b", "k: 2",
       "#3", "{}", "TRUE", "_x0041_", "a\tb", "'t Hooft", "  two  spaces", "3-4", "1/2", "2027-04"]



roles = [{"id": text, "name": text, "stage": "s", "family": text, "difficulty": round(1 + 0.1 * i, 1), "starts": ["2027-01", "2027-03-01", 4]}
         for i, text in enumerate(ODD)]
roles[3]["after"] = [[ODD[0], ODD[1]], [ODD[2]]]
roles[4]["not_right_after"] = ODD[5:9]
print(json.dumps({
    "format": "rungs/1", "name": "=1+1", "calendar": {"start": "2027-01-01", "unit": "month", "count": 6},
    "stages": [{"id": "s"}], "roles": roles,
    "sites": [{"id": text, "name": text, "kind": text, "open": [{"from": "2027-01-01", "until": 5}], "requires": [text]} for text in ODD],
    "positions": [{"id": text, "role": text, "site": text, "seats": [1, 1, 1, 2, 2, 3], "demand": 1} for text in ODD],
    "tracks": [{"id": text, "length": 4} for text in ODD],
    "cohorts": [{"id": text, "track": text, "start": "2027-01-01"} for text in ODD],
    "participants": [{"id": text, "name": text, "cohort": text, "home": text, "ratings": {"sites": {text: 2, ODD[0]: -1.5}},
                      "credentials": [{"id": text, "from": "2027-02-01"}], "barred": {"roles": [text]},
                      "leave": [{"from": "2027-02", "until": "2027-03-01", "pauses": False}]} for text in ODD],
    "rules": {"mentoring": {"mode": "off"}, "stretch": {"mode": "soft", "max_step": 2.5}},
}, ensure_ascii=False))
