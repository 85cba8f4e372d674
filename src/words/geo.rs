//! Great-circle distance.

/// Radius of the earth in kilometres (IUGG mean radius).
const EARTH_KM: f64 = 6371.0088;

/// A place on the globe, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinates {
    /// Latitude, −90 to 90.
    pub lat: f64,
    /// Longitude, −180 to 180.
    pub lon: f64,
}

impl Coordinates {
    /// Great-circle distance in kilometres (haversine formula, R. W. Sinnott 1984).
    #[must_use]
    pub fn km(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let h = half(other.lat - self.lat) + lat1.cos() * lat2.cos() * half(other.lon - self.lon);
        2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn london_to_paris() {
        let london = Coordinates { lat: 51.5074, lon: -0.1278 };
        let paris = Coordinates { lat: 48.8566, lon: 2.3522 };
        assert!((london.km(paris) - 343.6).abs() < 0.5);
        assert_eq!(london.km(london), 0.0);
    }
}
