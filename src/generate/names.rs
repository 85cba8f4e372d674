//! Names of people, from many cultures.

use super::dice::Dice;

/// Given and family names that are usual together; the family name comes first where `family_first`.
struct Culture {
    given: &'static [&'static str],
    family: &'static [&'static str],
    family_first: bool,
}

const fn culture(given: &'static [&'static str], family: &'static [&'static str]) -> Culture {
    Culture { given, family, family_first: false }
}

const CULTURES: &[Culture] = &[
    // 0: English-speaking countries
    culture(
        &[
            "Hannah", "Marcus", "Brooke", "Ellen", "Jamal", "Denise", "Harriet", "Niamh", "Rhys", "Fiona", "Lachlan", "Isla", "Ewan", "Ruby", "Dale",
            "Cerys", "Tyrone", "Latoya", "Brian", "Megan",
        ],
        &[
            "Whitaker",
            "Hensley",
            "Freeman",
            "Brooks",
            "Ashworth",
            "McAllister",
            "Gallagher",
            "Pritchard",
            "Whitfield",
            "O'Sullivan",
            "Fraser",
            "Hutchins",
            "Byrne",
            "Walker",
            "Vandermeer",
            "Doyle",
            "Lambert",
            "Carter",
            "Sinclair",
            "Morgan",
        ],
    ),
    // 1: West Africa
    culture(
        &[
            "Amara",
            "Chidi",
            "Ngozi",
            "Emeka",
            "Folasade",
            "Oluwaseun",
            "Kwame",
            "Abena",
            "Adaeze",
            "Ifeoma",
            "Obinna",
            "Uche",
            "Mamadou",
            "Efua",
            "Babatunde",
            "Halima",
        ],
        &[
            "Okafor",
            "Eze",
            "Mensah",
            "Adeyemi",
            "Nwosu",
            "Bankole",
            "Ogundipe",
            "Danjuma",
            "Ofori",
            "Diallo",
            "Nwachukwu",
            "Afolayan",
            "Asante",
            "Sarpong",
            "Oyelaran",
            "Ibe",
        ],
    ),
    // 2: French-speaking countries
    culture(
        &[
            "Camille",
            "Mathieu",
            "Élodie",
            "Gaël",
            "Bénédicte",
            "Yannick",
            "Noémie",
            "Quentin",
            "Zoé",
            "Geneviève",
            "Salomé",
            "Thérèse",
            "Fadila",
            "Bilal",
        ],
        &[
            "Laurent",
            "Faure",
            "Charpentier",
            "Roux",
            "Bordes",
            "Bouchard",
            "Beaulieu",
            "Tremblay",
            "Dupuy",
            "Lapointe",
            "Arsenault",
            "Mansouri",
            "Khelifi",
            "Fontanel",
        ],
    ),
    // 3: German- and Dutch-speaking countries, the Nordics
    culture(
        &[
            "Katrin", "Tobias", "Lukas", "Anneke", "Silke", "Matthias", "Freya", "Lars", "Ingrid", "Astrid", "Pieter", "Nina", "Oskar", "Sven",
            "Liv", "Dieter",
        ],
        &[
            "Vogel",
            "Arndt",
            "Brandt",
            "de Vries",
            "Petersen",
            "Kessler",
            "Lindholm",
            "Bengtsson",
            "Halvorsen",
            "Solberg",
            "van Dalen",
            "Oberholzer",
            "Lindgren",
            "Aaltonen",
            "Nygård",
            "Hoffmann",
        ],
    ),
    // 4: Central and eastern Europe
    culture(
        &[
            "Agnieszka",
            "Jiří",
            "Tomasz",
            "Zofia",
            "Petr",
            "Wiktoria",
            "Bogdan",
            "Eszter",
            "Magdalena",
            "Imre",
            "Oleksandra",
            "Dmytro",
            "Kamil",
            "Mirjana",
            "Paweł",
            "Ewa",
        ],
        &[
            "Nowak",
            "Dvořák",
            "Zieliński",
            "Mazur",
            "Novotný",
            "Ionescu",
            "Kovács",
            "Wójcik",
            "Szabó",
            "Koval",
            "Shevchenko",
            "Jabłoński",
            "Petrović",
            "Gajda",
            "Sikora",
            "Duda",
        ],
    ),
    // 5: Spanish-, Portuguese- and Italian-speaking countries
    culture(
        &[
            "Diego",
            "Rosa",
            "Mateo",
            "Inês",
            "João",
            "Carolina",
            "Beatriz",
            "Giulia",
            "Álvaro",
            "Nuria",
            "Guadalupe",
            "Ramón",
            "Fernanda",
            "Chiara",
            "Tiago",
            "Paloma",
            "Joaquín",
            "Marisol",
        ],
        &[
            "Marroquín",
            "Villanueva",
            "Figueroa",
            "Duarte",
            "Teixeira",
            "Prado",
            "Carvalho",
            "Moretti",
            "Montes",
            "Castellanos",
            "Armenta",
            "Escalante",
            "Azevedo",
            "Ferrante",
            "Lopes",
            "Reyes",
            "Delgado",
            "Peña",
        ],
    ),
    // 6: India
    culture(
        &[
            "Priya", "Sanjay", "Anjali", "Arjun", "Deepika", "Farhan", "Gurpreet", "Harpreet", "Kavya", "Lakshmi", "Meera", "Nikhil", "Radhika",
            "Rohan", "Suresh", "Tanvi", "Imran", "Sunita",
        ],
        &[
            "Raman",
            "Kulkarni",
            "Deshpande",
            "Nambiar",
            "Rao",
            "Sheikh",
            "Sandhu",
            "Dhaliwal",
            "Reddy",
            "Subbarao",
            "Krishnan",
            "Joshi",
            "Venkatesan",
            "Deshmukh",
            "Pillai",
            "Shah",
            "Qureshi",
            "Tamang",
        ],
    ),
    // 7: Eastern and southern Africa
    culture(
        &[
            "Thandiwe", "Sipho", "Lerato", "Kagiso", "Fikile", "Dumisani", "Wanjiru", "Otieno", "Njeri", "Ayesha", "Mwende", "Brian", "Sarah",
            "Juliet", "Rehema", "Pieter",
        ],
        &[
            "Nkosi",
            "Dlamini",
            "Molefe",
            "Tau",
            "Mthembu",
            "Khumalo",
            "Kamau",
            "Ouma",
            "Mwangi",
            "Davids",
            "Mutua",
            "Kiprotich",
            "Namukasa",
            "Atim",
            "Nansubuga",
            "Botha",
        ],
    ),
    // 8: East Asia, family name first
    Culture {
        given: &[
            "Wei", "Min-jun", "Haruto", "Yuki", "Xiaoyu", "Jun-ho", "Hui Min", "Yi-Ting", "Kenji", "Hye-jin", "Jiawei", "Aiko", "Boon Wan", "Ming",
        ],
        family: &["Chen", "Kim", "Nakagawa", "Tanabe", "Liang", "Seo", "Lim", "Hsu", "Mori", "Han", "Lin", "Sakamoto", "Koh", "Zhao"],
        family_first: true,
    },
    // 9: The Middle East, Turkey and North Africa
    culture(
        &["Hassan", "Leila", "Emre", "Noor", "Karim", "Rania", "Yusuf", "Zeynep", "Farouk", "Hiba", "Samir", "Elif", "Hanan", "Nawal"],
        &["Bazzi", "Haddad", "Yıldız", "Rahmani", "Benali", "Khoury", "Demir", "Aksoy", "El-Amin", "Chaoui", "Belkacem", "Kaya", "Qasim", "Saleh"],
    ),
    // 10: Vietnam and the Pacific, family name first
    Culture {
        given: &["Thủy", "Minh Quang", "Gia Khánh", "Mỹ Linh", "Hoàng", "Bảo", "Thanh", "Lan Anh", "Đức", "Phương"],
        family: &["Nguyễn", "Trần", "Lê", "Đặng", "Phạm", "Võ", "Huỳnh", "Bùi", "Vũ", "Ngô"],
        family_first: true,
    },
];

/// A name that is usual where these cultures live; one in five comes from elsewhere.
pub(super) fn name(dice: &mut Dice, cultures: &[usize]) -> String {
    let culture = if dice.chance(20) { dice.below(CULTURES.len()) } else { *dice.pick(cultures) };
    let Culture { given, family, family_first } = &CULTURES[culture];
    let (given, family) = (dice.pick(given), dice.pick(family));
    if *family_first { format!("{family} {given}") } else { format!("{given} {family}") }
}

/// An id of a name: lower case without accents, words joined by hyphens.
pub(super) fn slug(name: &str) -> String {
    let plain = name.chars().map(|c| match c {
        'á' | 'à' | 'ã' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'É' => 'e',
        'í' => 'i',
        'ó' | 'ö' | 'ô' | 'õ' => 'o',
        'ú' | 'ü' => 'u',
        'ł' | 'Ł' => 'l',
        'ń' => 'n',
        'ź' => 'z',
        'ç' => 'c',
        c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
        _ => '-',
    });
    plain.collect()
}
