use super::*;
use crate::help::places::rooms::{AgeRule, SexRule};
use crate::people::Sex;

fn told<T>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
}

#[test]
fn an_offer_lapses_at_its_moment_and_the_request_waits_on() {
    let form: PlaceRequestForm = crate::examples::of();
    let today = form.from_on;
    let nil = uuid::Uuid::nil();
    let (it, _) =
        Waiting::add(nil.into(), nil.into(), &form, (false, false, None), today).unwrap().into_parts();
    let now = Moment::from_micros(1_000_000).unwrap();
    assert_eq!(it.state(now), PlaceRequestState::Waiting);
    let held_until = now.plus(TimeDelta::hours(24));
    assert_eq!(told(it.clone().refuse(now)), ["place_request.not_offered"]);
    let offer = PlaceOffer { bed_id: nil.into(), span: form.span_from(today), held_until, turn_at: now };
    let it = Waiting { offer: Some(offer.clone()), ..it };
    let (refused, records) = it.clone().refuse(now).unwrap().into_parts();
    assert_eq!((refused.offer, records[0].kind), (offer.clone(), "place_request.offer_ended"));
    assert_eq!(told(it.clone().refuse(held_until)), ["place_request.not_offered"]);
    let freed = |bed: u128, span: Span| {
        let bed = uuid::Uuid::from_u128(bed).into();
        it.clone().place(nil.into(), bed, span).into_parts().0.freed
    };
    let whole = form.span_from(today);
    let longer = Span::new(whole.from_on, whole.until_on + Days::new(1));
    assert_eq!((freed(0, whole), freed(0, longer)), (None, None));
    assert_eq!(freed(1, whole), Some(offer.clone()), "another bed than the offered one is free");
    assert_eq!(freed(0, whole.cut(1)), Some(offer), "nights that the stay leaves are free");
    assert_eq!(it.state(now.plus(TimeDelta::hours(23))), PlaceRequestState::Offered);
    assert_eq!(it.state(held_until), PlaceRequestState::Waiting);
    let twice =
        Waiting::add(nil.into(), nil.into(), &form, (true, true, Some(29)), today.succ_opt().unwrap());
    let codes: Vec<&str> = twice.unwrap_err().reasons().iter().map(|it| it.rule.code).collect();
    assert_eq!(codes, ["stay.in_past", "register.not_active", "stay.too_long", "place_request.already"]);
    let now = PlaceRequestForm { urgency: NeedUrgency::Now, ..form };
    assert!(Waiting::add(nil.into(), nil.into(), &now, (false, true, None), today).is_ok());
}

#[test]
fn a_bed_is_offered_to_one_who_is_removed_from_the_register_only_where_it_is_needed_now() {
    let form: PlaceRequestForm = crate::examples::of();
    let order: PlaceOfferForm = crate::examples::of();
    let (nil, today) = (uuid::Uuid::nil(), order.from_on);
    let moment = Moment::from_micros(1_000_000).unwrap();
    let place = Place {
        bed_id: order.bed_id,
        room_id: nil.into(),
        facility_id: form.facility_id.unwrap(),
        organization_id: nil.into(),
        rules: (SexRule::ByFirst, AgeRule::ByFirst),
        opened_on: today,
        closed_on: None,
        most_nights: 60,
        ages: 14..23,
    };
    let born_on = today - Days::new(20 * 366);
    for (urgency, is_removed) in NeedUrgency::ALL.iter().flat_map(|it| [(*it, false), (*it, true)]) {
        let facts = OfferFacts {
            place: place.clone(),
            kind: FacilityKind::SocialHotel,
            sleeper: Sleeper { born_on, sex: Sex::Female },
            busy: Busy::default(),
            is_served: true,
            is_removed,
            hold: TimeDelta::hours(24),
            turn_at: moment,
            now: moment,
            today,
        };
        let form = PlaceRequestForm { urgency, ..form.clone() };
        let it = Waiting { id: nil.into(), organization_id: nil.into(), form, offer: None };
        let is_passed_over = is_removed && urgency != NeedUrgency::Now;
        let expected: &[&str] = if is_passed_over { &["register.not_active"] } else { &[] };
        assert_eq!(told(it.offer(&order, &facts)), expected, "{urgency}");
    }
}

#[test]
fn the_most_urgent_comes_first() {
    let of = |urgency| PlaceRequestForm { urgency, ..crate::examples::of() }.rank();
    assert!(of(NeedUrgency::Now) < of(NeedUrgency::Week) && of(NeedUrgency::Week) < of(NeedUrgency::Month));
}

#[test]
fn the_nights_of_a_request_begin_with_its_day_or_a_later_one() {
    let form: PlaceRequestForm = crate::examples::of();
    let later = form.from_on + Days::new(5);
    assert_eq!((form.span_from(later).from_on, form.span_from(later).count()), (later, 30));
    assert_eq!(form.span_from(form.from_on - Days::new(5)).from_on, form.from_on);
}
