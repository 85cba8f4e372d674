//! Cities, with their true coordinates.

/// A city.
#[derive(Debug)]
pub(super) struct City {
    /// Its name.
    pub(super) name: &'static str,
    /// ISO code of its country.
    pub(super) country: &'static str,
    /// The region of the company's map.
    pub(super) region: &'static str,
    /// Latitude.
    pub(super) lat: f64,
    /// Longitude.
    pub(super) lon: f64,
}

/// A zone in which one work authorisation holds.
#[derive(Debug)]
pub(super) struct Zone {
    /// Its id, and the country group's name in ids of people.
    pub(super) id: &'static str,
    /// The credential that lets people work there.
    pub(super) credential: &'static str,
    /// Its cities.
    pub(super) cities: &'static [City],
    /// Which names are usual there: an index into the lists of names.
    pub(super) culture: &'static [usize],
}

const fn city(name: &'static str, country: &'static str, region: &'static str, lat: f64, lon: f64) -> City {
    City { name, country, region, lat, lon }
}

/// The language that customer-facing sites of a country ask for.
pub(super) fn language(country: &str) -> Option<&'static str> {
    match country {
        "DE" | "AT" => Some("german"),
        "FR" => Some("french"),
        "ES" | "MX" => Some("spanish"),
        "PT" | "BR" => Some("portuguese"),
        "IT" => Some("italian"),
        "PL" => Some("polish"),
        "CZ" => Some("czech"),
        "JP" => Some("japanese"),
        _ => None,
    }
}

/// All zones.
pub(super) const ZONES: &[Zone] = &[
    Zone { id: "us", credential: "us-work", cities: US, culture: &[0, 0, 1, 5, 6] },
    Zone { id: "eu", credential: "eu-work", cities: EU, culture: &[2, 3, 4, 5, 9, 10] },
    Zone { id: "uk", credential: "uk-work", cities: UK, culture: &[0, 0, 6, 7] },
    Zone { id: "in", credential: "in-work", cities: IN, culture: &[6] },
    Zone { id: "ca", credential: "ca-work", cities: CA, culture: &[0, 2, 6, 8] },
    Zone { id: "mx", credential: "mx-work", cities: MX, culture: &[5] },
    Zone { id: "br", credential: "br-work", cities: BR, culture: &[5] },
    Zone { id: "au", credential: "au-work", cities: AU, culture: &[0, 0, 8, 10] },
    Zone { id: "jp", credential: "jp-work", cities: JP, culture: &[8] },
    Zone { id: "za", credential: "za-work", cities: ZA, culture: &[7, 0] },
    Zone { id: "ng", credential: "ng-work", cities: NG, culture: &[1] },
];

const US: &[City] = &[
    city("Indianapolis", "US", "midwest", 39.7684, -86.1581),
    city("Columbus", "US", "midwest", 39.9612, -82.9988),
    city("Atlanta", "US", "southeast", 33.749, -84.388),
    city("Chicago", "US", "midwest", 41.8781, -87.6298),
    city("Charlotte", "US", "southeast", 35.2271, -80.8431),
    city("Detroit", "US", "midwest", 42.3314, -83.0458),
    city("Nashville", "US", "southeast", 36.1627, -86.7816),
    city("Kansas City", "US", "midwest", 39.0997, -94.5786),
    city("Memphis", "US", "southeast", 35.1495, -90.049),
    city("Philadelphia", "US", "northeast", 39.9526, -75.1652),
    city("Newark", "US", "northeast", 40.7357, -74.1724),
    city("Baltimore", "US", "northeast", 39.2904, -76.6122),
    city("Dallas", "US", "south-central", 32.7767, -96.797),
    city("Houston", "US", "south-central", 29.7604, -95.3698),
    city("Boston", "US", "northeast", 42.3601, -71.0589),
    city("Phoenix", "US", "west", 33.4484, -112.074),
    city("Las Vegas", "US", "west", 36.1699, -115.1398),
    city("Denver", "US", "west", 39.7392, -104.9903),
    city("Salt Lake City", "US", "west", 40.7608, -111.891),
    city("Pittsburgh", "US", "northeast", 40.4406, -79.9959),
    city("San Antonio", "US", "south-central", 29.4241, -98.4936),
    city("Oklahoma City", "US", "south-central", 35.4676, -97.5164),
    city("Cincinnati", "US", "midwest", 39.1031, -84.512),
    city("Orlando", "US", "southeast", 28.5383, -81.3792),
    city("Sacramento", "US", "west", 38.5816, -121.4944),
    city("Seattle", "US", "west", 47.6062, -122.3321),
    city("Portland", "US", "west", 45.5152, -122.6784),
    city("Minneapolis", "US", "midwest", 44.9778, -93.265),
    city("Saint Louis", "US", "midwest", 38.627, -90.1994),
    city("Jacksonville", "US", "southeast", 30.3322, -81.6557),
    city("Raleigh", "US", "southeast", 35.7796, -78.6382),
    city("Milwaukee", "US", "midwest", 43.0389, -87.9065),
    city("Buffalo", "US", "northeast", 42.8864, -78.8784),
    city("San Diego", "US", "west", 32.7157, -117.1611),
];

const EU: &[City] = &[
    city("Leipzig", "DE", "central-europe", 51.3397, 12.3731),
    city("Wrocław", "PL", "central-europe", 51.1079, 17.0385),
    city("Lyon", "FR", "western-europe", 45.764, 4.8357),
    city("Prague", "CZ", "central-europe", 50.0755, 14.4378),
    city("Rotterdam", "NL", "western-europe", 51.9244, 4.4777),
    city("Berlin", "DE", "central-europe", 52.52, 13.405),
    city("Lille", "FR", "western-europe", 50.6292, 3.0573),
    city("Poznań", "PL", "central-europe", 52.4064, 16.9252),
    city("Antwerp", "BE", "western-europe", 51.2194, 4.4025),
    city("Madrid", "ES", "southern-europe", 40.4168, -3.7038),
    city("Zaragoza", "ES", "southern-europe", 41.6488, -0.8891),
    city("Barcelona", "ES", "southern-europe", 41.3874, 2.1686),
    city("Lisbon", "PT", "southern-europe", 38.7223, -9.1393),
    city("Porto", "PT", "southern-europe", 41.1579, -8.6291),
    city("Toulouse", "FR", "western-europe", 43.6047, 1.4442),
    city("Hamburg", "DE", "central-europe", 53.5511, 9.9937),
    city("Dortmund", "DE", "central-europe", 51.5136, 7.4653),
    city("Stockholm", "SE", "nordics", 59.3293, 18.0686),
    city("Malmö", "SE", "nordics", 55.605, 13.0038),
    city("Copenhagen", "DK", "nordics", 55.6761, 12.5683),
    city("Gothenburg", "SE", "nordics", 57.7089, 11.9746),
    city("Milan", "IT", "southern-europe", 45.4642, 9.19),
    city("Bologna", "IT", "southern-europe", 44.4949, 11.3426),
    city("Valencia", "ES", "southern-europe", 39.4699, -0.3763),
    city("Seville", "ES", "southern-europe", 37.3891, -5.9845),
    city("Turin", "IT", "southern-europe", 45.0703, 7.6869),
    city("Paris", "FR", "western-europe", 48.8566, 2.3522),
    city("Frankfurt", "DE", "central-europe", 50.1109, 8.6821),
    city("Munich", "DE", "central-europe", 48.1351, 11.582),
    city("Vienna", "AT", "central-europe", 48.2082, 16.3738),
    city("Brno", "CZ", "central-europe", 49.1951, 16.6068),
    city("Warsaw", "PL", "central-europe", 52.2297, 21.0122),
    city("Łódź", "PL", "central-europe", 51.7592, 19.456),
    city("Eindhoven", "NL", "western-europe", 51.4416, 5.4697),
    city("Dublin", "IE", "western-europe", 53.3498, -6.2603),
    city("Cork", "IE", "western-europe", 51.8985, -8.4756),
    city("Helsinki", "FI", "nordics", 60.1699, 24.9384),
    city("Aarhus", "DK", "nordics", 56.1629, 10.2039),
    city("Budapest", "HU", "central-europe", 47.4979, 19.0402),
    city("Rome", "IT", "southern-europe", 41.9028, 12.4964),
];

const UK: &[City] = &[
    city("Coventry", "GB", "britain-south", 52.4068, -1.5197),
    city("Manchester", "GB", "britain-north", 53.4808, -2.2426),
    city("Bristol", "GB", "britain-south", 51.4545, -2.5879),
    city("Leeds", "GB", "britain-north", 53.8008, -1.5491),
    city("London", "GB", "britain-south", 51.5074, -0.1278),
    city("Newcastle", "GB", "britain-north", 54.9783, -1.6178),
    city("Cardiff", "GB", "britain-south", 51.4816, -3.1791),
    city("Glasgow", "GB", "britain-north", 55.8642, -4.2518),
    city("Nottingham", "GB", "britain-south", 52.9548, -1.1581),
    city("Liverpool", "GB", "britain-north", 53.4084, -2.9916),
    city("Southampton", "GB", "britain-south", 50.9097, -1.4044),
    city("Edinburgh", "GB", "britain-north", 55.9533, -3.1883),
];

const IN: &[City] = &[
    city("Bengaluru", "IN", "south-india", 12.9716, 77.5946),
    city("Hyderabad", "IN", "south-india", 17.385, 78.4867),
    city("Pune", "IN", "west-india", 18.5204, 73.8567),
    city("Chennai", "IN", "south-india", 13.0827, 80.2707),
    city("Mumbai", "IN", "west-india", 19.076, 72.8777),
    city("Delhi", "IN", "north-india", 28.7041, 77.1025),
    city("Ahmedabad", "IN", "west-india", 23.0225, 72.5714),
    city("Jaipur", "IN", "north-india", 26.9124, 75.7873),
    city("Kolkata", "IN", "north-india", 22.5726, 88.3639),
    city("Nagpur", "IN", "west-india", 21.1458, 79.0882),
    city("Kochi", "IN", "south-india", 9.9312, 76.2673),
];

const CA: &[City] = &[
    city("Toronto", "CA", "eastern-canada", 43.6532, -79.3832),
    city("Calgary", "CA", "western-canada", 51.0447, -114.0719),
    city("Montréal", "CA", "eastern-canada", 45.5019, -73.5674),
    city("Vancouver", "CA", "western-canada", 49.2827, -123.1207),
    city("Winnipeg", "CA", "western-canada", 49.8951, -97.1384),
    city("Ottawa", "CA", "eastern-canada", 45.4215, -75.6972),
    city("Edmonton", "CA", "western-canada", 53.5461, -113.4938),
    city("Halifax", "CA", "eastern-canada", 44.6488, -63.5752),
];

const MX: &[City] = &[
    city("Mexico City", "MX", "central-mexico", 19.4326, -99.1332),
    city("Monterrey", "MX", "northern-mexico", 25.6866, -100.3161),
    city("Querétaro", "MX", "central-mexico", 20.5888, -100.3899),
    city("Guadalajara", "MX", "central-mexico", 20.6597, -103.3496),
    city("Tijuana", "MX", "northern-mexico", 32.5149, -117.0382),
    city("Puebla", "MX", "central-mexico", 19.0414, -98.2063),
    city("Saltillo", "MX", "northern-mexico", 25.4383, -100.9737),
];

const BR: &[City] = &[
    city("São Paulo", "BR", "southeast-brazil", -23.5505, -46.6333),
    city("Campinas", "BR", "southeast-brazil", -22.9099, -47.0626),
    city("Curitiba", "BR", "south-brazil", -25.4284, -49.2733),
    city("Belo Horizonte", "BR", "southeast-brazil", -19.9167, -43.9345),
    city("Porto Alegre", "BR", "south-brazil", -30.0346, -51.2177),
    city("Rio de Janeiro", "BR", "southeast-brazil", -22.9068, -43.1729),
    city("Joinville", "BR", "south-brazil", -26.3045, -48.8487),
];

const AU: &[City] = &[
    city("Sydney", "AU", "eastern-australia", -33.8688, 151.2093),
    city("Melbourne", "AU", "southern-australia", -37.8136, 144.9631),
    city("Brisbane", "AU", "eastern-australia", -27.4698, 153.0251),
    city("Adelaide", "AU", "southern-australia", -34.9285, 138.6007),
    city("Canberra", "AU", "eastern-australia", -35.2809, 149.13),
    city("Geelong", "AU", "southern-australia", -38.1499, 144.3617),
    city("Newcastle NSW", "AU", "eastern-australia", -32.9283, 151.7817),
    city("Perth", "AU", "southern-australia", -31.9523, 115.8613),
];

const JP: &[City] = &[
    city("Tokyo", "JP", "east-japan", 35.6762, 139.6503),
    city("Osaka", "JP", "west-japan", 34.6937, 135.5023),
    city("Nagoya", "JP", "east-japan", 35.1815, 136.9066),
    city("Fukuoka", "JP", "west-japan", 33.5904, 130.4017),
    city("Sendai", "JP", "east-japan", 38.2682, 140.8694),
    city("Hiroshima", "JP", "west-japan", 34.3853, 132.4553),
];

const ZA: &[City] = &[
    city("Johannesburg", "ZA", "inland-south-africa", -26.2041, 28.0473),
    city("Cape Town", "ZA", "coastal-south-africa", -33.9249, 18.4241),
    city("Pretoria", "ZA", "inland-south-africa", -25.7479, 28.2293),
    city("Durban", "ZA", "coastal-south-africa", -29.8587, 31.0218),
    city("Bloemfontein", "ZA", "inland-south-africa", -29.0852, 26.1596),
    city("Gqeberha", "ZA", "coastal-south-africa", -33.9608, 25.6022),
];

const NG: &[City] = &[
    city("Lagos", "NG", "southern-nigeria", 6.5244, 3.3792),
    city("Abuja", "NG", "northern-nigeria", 9.0765, 7.3986),
    city("Ibadan", "NG", "southern-nigeria", 7.3775, 3.947),
    city("Port Harcourt", "NG", "southern-nigeria", 4.8156, 7.0498),
    city("Kano", "NG", "northern-nigeria", 12.0022, 8.592),
    city("Kaduna", "NG", "northern-nigeria", 10.5222, 7.4383),
];
