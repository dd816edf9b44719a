//! Municipalities, with their middles: how far a mentor has to go.
use crate::base::id::MunicipalityId;
use crate::base::refusal::{Reason, rules};
use crate::base::text::{MISSING, Oktmo, Title};
use serde::{Deserialize, Serialize};
use shape::entry;
use validator::Validate;

/// A point on a flat map of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(from = "(i32, i32)", into = "(i32, i32)")]
pub struct Point {
    /// Metres to the east.
    pub east_m: i32,
    /// Metres to the north.
    pub north_m: i32,
}

impl From<(i32, i32)> for Point {
    fn from((east_m, north_m): (i32, i32)) -> Self {
        Self { east_m, north_m }
    }
}

impl From<Point> for (i32, i32) {
    fn from(it: Point) -> Self {
        (it.east_m, it.north_m)
    }
}

rules! {
    NOT_A_MUNICIPALITY = "municipality.not_a_municipality", Content, ours, "Код муниципального образования — ровно 8 цифр.", "The code of a municipality has exactly 8 digits.";
    CODE_TAKEN = "municipality.code_taken", State, ours, "Муниципальное образование с таким кодом уже есть.", "There is a municipality with this code already.";
    CODE_FIXED = "municipality.code_fixed", Content, ours, "Код муниципального образования не меняют.", "The code of a municipality is never changed.";
}

/// A municipality as it is entered and edited, whole.
#[entry(Municipality: MunicipalityId, at "municipalities", named "municipality" "municipalities", tag "organizations", read ReadOrganizations, edit ManageOrganizations, by name, judged)]
#[schema(example = json!({"code": "25655000", "name": "Эхирит-Булагатский муниципальный район", "latitude": 52.806, "longitude": 104.761}))]
pub struct MunicipalityForm {
    /// ОКТМО of exactly 8 digits, unique in the region; it stays as it was entered.
    #[told]
    #[beginning("Only in this territory, by its code or the beginning of one.", 2..=8, "25655")]
    #[unique(CODE_TAKEN)]
    #[fixed(CODE_FIXED)]
    pub code: Oktmo,
    /// Name.
    pub name: Title,
    /// Latitude of its middle in degrees, north positive, kept to a millionth; given exactly when the longitude is.
    #[within(-90.0..=90.0)]
    pub latitude: Option<f64>,
    /// Longitude of its middle in degrees, east positive, kept to a millionth.
    #[within(-180.0..=180.0)]
    pub longitude: Option<f64>,
}

impl MunicipalityForm {
    fn judge(&self, _: MunicipalityId, _: Option<&Self>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.code.as_str() != self.code.municipality() {
            reasons.push(NOT_A_MUNICIPALITY.reason().at("/code"));
        }
        match (self.latitude, self.longitude) {
            (Some(_), None) => reasons.push(MISSING.reason().at("/longitude")),
            (None, Some(_)) => reasons.push(MISSING.reason().at("/latitude")),
            _ => {}
        }
        reasons
    }
}

/// The middle of a municipality, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Middle {
    /// North positive.
    pub latitude_e6: i32,
    /// East positive.
    pub longitude_e6: i32,
}

const MILLION: f64 = 1_000_000.0;
const HALF_TURN_E6: i32 = 180_000_000;
/// The mean radius of the Earth.
const EARTH_M: f64 = 6_371_009.0;

impl Middle {
    /// Latitude in degrees.
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude_e6) / MILLION
    }
    /// Longitude in degrees.
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude_e6) / MILLION
    }
    /// Where this is on a flat map around that middle (equirectangular): good for distances within a region, also where the
    /// region lies on both sides of the 180th meridian.
    pub fn on_map_around(self, middle: Self) -> Point {
        let turn = 2 * HALF_TURN_E6;
        let east = (self.longitude_e6 - middle.longitude_e6 + HALF_TURN_E6).rem_euclid(turn) - HALF_TURN_E6;
        let north = self.latitude_e6 - middle.latitude_e6;
        let metres = |e6: i32| EARTH_M * (f64::from(e6) / MILLION).to_radians();
        Point {
            east_m: whole(metres(east) * middle.latitude().to_radians().cos()),
            north_m: whole(metres(north)),
        }
    }
}

#[expect(
    clippy::as_conversions,
    reason = "there is no other way from a fraction; it is rounded and saturates"
)]
fn whole(it: f64) -> i32 {
    it.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;
    use crate::base::kept::Value;
    use crate::examples;

    fn micro(degrees: f64) -> i32 {
        whole(degrees * MILLION)
    }
    fn at(latitude: f64, longitude: f64) -> Middle {
        Middle { latitude_e6: micro(latitude), longitude_e6: micro(longitude) }
    }
    fn kilometres(it: Point) -> f64 {
        f64::from(it.east_m).hypot(f64::from(it.north_m)) / 1000.0
    }

    #[test]
    fn a_flat_map_of_a_region_keeps_known_distances() {
        let irkutsk = at(52.2864, 104.2807);
        let ust_ordynsky = at(52.8058, 104.7614);
        let far = kilometres(ust_ordynsky.on_map_around(irkutsk));
        assert!((far - 66.2).abs() < 0.7, "{far}");
        assert_eq!(irkutsk.on_map_around(irkutsk), Point::default());
        let degree = at(53.2864, 104.2807).on_map_around(irkutsk);
        assert_eq!(degree, Point { east_m: 0, north_m: 111_195 });
    }

    #[test]
    fn a_region_on_both_sides_of_the_last_meridian_is_one() {
        let uelen = at(66.16, -169.81);
        let egvekinot = at(66.32, -179.12);
        let pevek = at(69.70, 170.31);
        let far = kilometres(pevek.on_map_around(egvekinot));
        assert!((500.0..650.0).contains(&far), "{far}");
        assert!(pevek.on_map_around(egvekinot).east_m < 0 && uelen.on_map_around(egvekinot).east_m > 0);
    }

    #[test]
    fn a_middle_is_kept_to_a_millionth_of_a_degree() {
        let form: MunicipalityForm = examples::of();
        let values = form.values();
        assert_eq!(values[2..], [Value::Long(Some(52_806_000)), Value::Long(Some(104_761_000))]);
        assert_eq!(MunicipalityForm::of(values), Ok(form));
    }
}
