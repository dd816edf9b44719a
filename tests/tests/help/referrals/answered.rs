//! The end of a referral that nobody answers, by the clock, and the answers on the desk of the organization that has sent it.
use super::{Scene, scene};
use persistence::help::referrals;
use persistence::tx::Tx;
use serde_json::{Value, json};
use tests::{Account, Reply};

impl Scene {
    fn answered(&self, who: &Account) -> Vec<(String, String)> {
        let agenda = self.world.get(who, "/me/agenda").expect(200);
        let state = |it: &Value| it["state"].as_str().expect("a state").to_owned();
        let all = agenda.body["referrals_answered"].as_array().expect("referrals");
        all.iter().map(|it| (Reply::id_of(it), state(it))).collect()
    }
    fn pass_days(&mut self, days: i64) {
        self.world.advance_days(days);
        for it in [&mut self.director, &mut self.receiver, &mut self.helper] {
            *it = self.world.again(it);
        }
    }
    /// The clock looks once. The number of referrals that it has ended.
    fn tick(&self) -> usize {
        self.world.inside(async move |tx: &mut Tx<'_>| referrals::lapse(tx).await)
    }
    fn kinds(&self, referral: &str) -> Vec<String> {
        let history = self.world.get(&self.director, &format!("/referrals/{referral}/history")).expect(200);
        history.items().iter().map(|it| it["kind"].as_str().expect("a kind").to_owned()).collect()
    }
}

#[test]
fn a_referral_that_nobody_answers_lapses_once_by_the_clock_also_after_a_standstill() {
    let mut it = scene();
    let (referral, consent) = it.sent(&["identity"]);
    it.pass_days(5);
    assert_eq!((it.tick(), it.kinds(&referral)), (0, vec!["referral.sent".to_owned()]));
    it.pass_days(4);
    let lapsed = [(referral.clone(), "lapsed".to_owned())];
    assert_eq!(it.answered(&it.director), lapsed, "no desk waits for the clock");
    assert_eq!((it.tick(), it.tick()), (1, 0));
    assert_eq!(it.kinds(&referral), ["referral.lapsed", "referral.sent"]);
    let card = it.get(&it.director, &referral).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["settled_on"]),
        (&json!("lapsed"), &json!(it.world.day(-3))),
        "it ended on the day after its last one"
    );
    assert_eq!(it.answered(&it.director), lapsed);
    assert!(it.answered(&it.receiver).is_empty());
    it.tells_nothing(&it.receiver, &referral, &consent);
    it.pass_days(15);
    assert!(it.answered(&it.director).is_empty(), "two weeks are over");
}

#[test]
fn two_servers_end_a_referral_once() {
    let mut it = scene();
    let (referral, _) = it.sent(&["identity"]);
    it.pass_days(6);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| it.tick());
        }
    });
    assert_eq!(it.kinds(&referral), ["referral.lapsed", "referral.sent"]);
}

#[test]
fn answers_stand_on_the_desk_of_the_organization_that_asked() {
    let it = scene();
    let (referral, _) = it.sent(&["identity"]);
    assert!(it.answered(&it.director).is_empty());
    it.accept(&it.receiver, &referral).expect(200);
    let specialist = it.world.staff("support_specialist", &it.home);
    for who in [&it.director, &specialist] {
        assert_eq!(it.answered(who), [(referral.clone(), "accepted".to_owned())]);
    }
    it.step(&it.helper, &referral, "return", json!({"reason": "Не приходит."})).expect(200);
    assert_eq!(it.answered(&it.director), [(referral.clone(), "returned".to_owned())]);
    let (next, _) = it.sent(&["identity"]);
    it.step(&it.receiver, &next, "rejection", json!({"reason": "no_capacity"})).expect(200);
    let both = [(next.clone(), "rejected".to_owned()), (referral.clone(), "returned".to_owned())];
    assert_eq!(it.answered(&it.director), both);
    let (own, _) = it.sent(&["identity"]);
    it.step(&it.director, &own, "revocation", json!({})).expect(200);
    assert_eq!(it.answered(&it.director), both, "an own revocation is no answer");
    assert!(it.answered(&it.helper).is_empty() && it.answered(&it.world.admin()).is_empty());
}

#[test]
fn referrals_are_counted_by_the_state_in_which_they_are_now_and_read_from_either_end() {
    let mut it = scene();
    it.sent(&["identity"]);
    it.pass_days(9);
    let another = json!({"given_name": "Анна", "birth_date": "2006-01-10"});
    it.person = it.world.person(&it.director, another);
    it.beneficiary = it.world.beneficiary_in(&it.director, &it.home, "25655101001", &it.person);
    it.case = it.world.case(&it.director, &it.home, &it.beneficiary);
    let need = json!({"noticed_on": it.world.day(0), "domain": "relations", "text": "Тревога", "source": "person",
        "urgency": "week"});
    it.need = it.world.post(&it.director, &format!("/cases/{}/needs", it.case), need).expect(201).id();
    it.sent(&["identity"]);
    let admin = it.world.admin();
    for lapsed in [0, 1] {
        for who in [&it.director, &it.receiver, &it.helper, &admin] {
            let members = ["state", "from_organization_id", "to_organization_id"];
            it.world.must_count_as_listed(who, "referrals", &members);
            it.world.must_read_from_either_end(who, "referrals");
            let late = it.world.get(who, "/referrals?state=lapsed").expect(200);
            assert_eq!(late.items().len(), 1, "after {lapsed} looks of the clock");
        }
        it.tick();
    }
    let (_, stranger) = it.world.institution("Чужой центр");
    let nothing = it.world.get(&stranger, "/referrals/counts?group_by=state").expect(200).body;
    assert_eq!(nothing, json!({"total": 0, "counts": []}));
    it.world.get(&it.director, "/referrals/counts?group_by=reason").refused(400, "request.parameter");
}
