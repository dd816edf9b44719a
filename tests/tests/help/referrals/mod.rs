//! Referrals: the knowledge of the other organization before and after its answer, the steps of both sides, and the ends.
mod answered;
mod parts;
mod secrecy;
mod sending;
mod sides;

use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// A woman of 19 on accompaniment with a need, and a centre that may help.
struct Scene {
    world: World,
    home: String,
    director: Account,
    person: String,
    beneficiary: String,
    case: String,
    need: String,
    centre: String,
    /// The director of the centre.
    receiver: Account,
    /// A specialist of the centre.
    helper: Account,
}

/// The words of the need.
const NEED: &str = "Тревога-Х перед экзаменами";
/// The words of the referral.
const REASON: &str = "Дарье-Х нужен психолог";

fn scene() -> Scene {
    tests::prepared!(Scene { home, director, person, beneficiary, case, need, centre, receiver, helper } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let (home, director) = world.institution("Дом");
    let person = world.person(&director, json!({"given_name": "Дарья", "birth_date": "2007-01-10"}));
    let beneficiary = world.beneficiary_in(&director, &home, "25655101001", &person);
    let case = world.case(&director, &home, &beneficiary);
    let (centre, receiver) = world.institution("Центр помощи");
    let helper = world.staff("support_specialist", &centre);
    let need = json!({"noticed_on": world.day(0), "domain": "relations", "text": NEED, "source": "person", "urgency": "week"});
    let need = world.post(&director, &format!("/cases/{case}/needs"), need).expect(201).id();
    Scene { world, home, director, person, beneficiary, case, need, centre, receiver, helper }
}

impl Scene {
    /// A consent of the woman to show these parts to the centre.
    fn consent(&self, purpose: &str, parts: &[&str]) -> String {
        let paper = self.world.file(&self.director, "consent");
        let signature = json!({"signatory": "recipient", "person_id": self.person, "signed_on": self.world.day(0),
            "file_id": paper});
        let form = json!({"purpose": purpose, "organization_ids": [self.centre], "parts": parts,
            "valid_until": self.world.day(300), "signatures": [signature]});
        let ledger = format!("/beneficiaries/{}/consents", self.beneficiary);
        self.world.post(&self.director, &ledger, form).expect(201).id()
    }
    fn withdraw(&self, consent: &str) {
        let paper = self.world.file(&self.director, "consent");
        let order = json!({"person_id": self.person, "file_id": paper});
        self.world.post(&self.director, &format!("/consents/{consent}/withdrawal"), order).expect(200);
    }
    fn send(&self, who: &Account, members: Value) -> Reply {
        let form = json!({"to_organization_id": self.centre, "need_ids": [self.need], "reason": REASON, "urgency": "week",
            "parts": ["identity"]});
        self.world.post(who, &format!("/cases/{}/referrals", self.case), with(form, &members))
    }
    /// A referral with its consent.
    fn sent(&self, parts: &[&str]) -> (String, String) {
        let consent = self.consent("referral", parts);
        let form = json!({"parts": parts, "consent_id": consent});
        (self.send(&self.director, form).expect(201).id(), consent)
    }
    fn accepted(&self, parts: &[&str]) -> (String, String) {
        let (referral, consent) = self.sent(parts);
        self.accept(&self.receiver, &referral).expect(200);
        (referral, consent)
    }
    fn step(&self, who: &Account, referral: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/referrals/{referral}/{step}"), order)
    }
    fn accept(&self, who: &Account, referral: &str) -> Reply {
        self.step(who, referral, "acceptance", json!({"specialist_user_id": self.helper.id}))
    }
    fn get(&self, who: &Account, referral: &str) -> Reply {
        self.world.get(who, &format!("/referrals/{referral}"))
    }
    fn shared(&self, who: &Account, referral: &str) -> Reply {
        self.world.get(who, &format!("/referrals/{referral}/shared-case"))
    }
    fn needs(&self, who: &Account, referral: &str) -> Reply {
        self.world.get(who, &format!("/referrals/{referral}/needs"))
    }
    fn listed(&self, who: &Account, query: &str) -> Vec<String> {
        let page = self.world.get(who, &format!("/referrals{query}")).expect(200);
        page.ids()
    }
    /// Everything that may be recognised: names, the birth date, ids, words.
    fn secrets(&self, consent: &str) -> Vec<String> {
        let words = ["Морозов", "Дарь", "2007-01-10", "Тревога-Х", "Алёна", "Сергеевна"].map(str::to_owned);
        let ids = [&self.person, &self.beneficiary, &self.case, &self.need].map(String::clone);
        words.into_iter().chain(ids).chain([consent.to_owned()]).collect()
    }
    /// Every answer that may be about the referral, in the bytes that this account reads.
    fn told(&self, who: &Account, referral: &str) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for path in [
            "/referrals".to_owned(),
            "/referrals?direction=in".to_owned(),
            "/referrals?state=sent,accepted,rejected,revoked,lapsed,done,returned".to_owned(),
            format!("/referrals/{referral}"),
            format!("/referrals/{referral}/history"),
            format!("/referrals/{referral}/shared-case"),
            format!("/referrals/{referral}/needs"),
            "/me/agenda".to_owned(),
            "/cases".to_owned(),
            "/people".to_owned(),
            "/beneficiaries".to_owned(),
            "/case-transfers".to_owned(),
            "/case-team-members".to_owned(),
        ] {
            all.push((path.clone(), self.world.get(who, &path).text));
        }
        for text in ["Дарья", "Дом", "направление"] {
            let found = self.world.post(who, "/search", json!({"text": text})).expect(200);
            all.push((format!("search {text}"), found.text));
        }
        let found = self.world.post(who, "/people/search", json!({"name": "Дарья"}));
        all.push(("people/search".to_owned(), found.body["items"].to_string()));
        all
    }
    #[track_caller]
    fn tells_nothing(&self, who: &Account, referral: &str, consent: &str) {
        for (path, text) in self.told(who, referral) {
            for secret in self.secrets(consent) {
                assert!(!text.contains(&secret), "{path} tells {secret}: {text}");
            }
        }
    }
}
