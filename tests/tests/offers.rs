//! The orders of the contract and the cards that offer them: to whom an order is let in, and that what a card tells holds.
use crate::http::access::{at, operations, without_effect};
use domain::accompaniment::assessments::AssessmentOffers;
use domain::accompaniment::case_problems::CaseProblemOffers;
use domain::accompaniment::cases::CaseOffers;
use domain::accompaniment::consilia::{ConsiliumOffers, ItemOffers};
use domain::accompaniment::living::enrolments::LivingEnrolmentOffers;
use domain::accompaniment::monthly_records::MonthlyRecordOffers;
use domain::accompaniment::plans::{PlanOffers, PlanVersionOffers};
use domain::accompaniment::tasks::TaskOffers;
use domain::accompaniment::team::TeamMemberOffers;
use domain::accompaniment::transfers::TransferOffers;
use domain::base::action::{Offer, Offers};
use domain::base::change::SubjectKind;
use domain::base::entry::correction::RecordOffers;
use domain::entries::{entered_under, steps_of};
use domain::help::crises::CrisisOffers;
use domain::help::emergency_aids::EmergencyAidOffers;
use domain::help::intake_requests::IntakeOffers;
use domain::help::place_requests::PlaceRequestOffers;
use domain::help::places::blocks::BedBlockOffers;
use domain::help::referrals::ReferralOffers;
use domain::help::stays::StayOffers;
use domain::matching::joint_activities::JointActivityOffers;
use domain::matching::joint_activities::vetoes::VetoOffers;
use domain::matching::{BENEFICIARY_PROFILE, MENTOR_PROFILE, NEEDS, RoundOffers};
use domain::mentors::{ApplicationOffers, MentorOffers, RemovalGroundOffers};
use domain::mentorships::MentorshipOffers;
use domain::mentorships::group_meetings::GroupMeetingOffers;
use domain::mentorships::meetings::MeetingOffers;
use domain::mentorships::requests::RequestOffers;
use domain::partnership::agreements::AgreementOffers;
use domain::partnership::community::members::CommunityMemberOffers;
use domain::partnership::council_meetings::CouncilMeetingOffers;
use domain::partnership::decisions::DecisionOffers;
use domain::partnership::events::participants::ParticipantOffers;
use domain::people::consents::ConsentOffers;
use domain::people::register::actions::{RegisterCandidateOffers, RegisterEntryOffers, RegisterMergeOffers};
use domain::people::{
    AccessRequestOffers, BeneficiaryOffers, FamilyOffers, PersonOffers, RepresentativeOffers,
};
use domain::region::jobs::JobOffers;
use domain::region::programs::ProgramOffers;
use domain::region::users::{ApiKeyOffers, UserOffers};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Account, Realm, Reply, World};

/// Orders that no card of an address of its own offers, each with its reason.
const NOT_OFFERED: &[(&str, &str)] =
    &[("annulExtension", "each extension on the card of its mentorship offers it (corrections)")];

/// Every order that a card offers, with the collection of the card.
fn offers() -> Vec<(&'static str, Offer)> {
    let mut all: Vec<(&'static str, Offer)> = Vec::new();
    macro_rules! with_rules {
        ($($it:ty),+ $(,)?) => { $(all.extend(<$it>::OFFERS.iter().map(|it| (<$it>::AT, *it)));)+ };
    }
    with_rules! {
        RegisterEntryOffers, RegisterMergeOffers, RegisterCandidateOffers,
        PersonOffers, FamilyOffers, BeneficiaryOffers, RepresentativeOffers, AccessRequestOffers,
        UserOffers<'_>, ApiKeyOffers, ProgramOffers, JobOffers, ApplicationOffers<'_>, MentorOffers,
        RemovalGroundOffers, MentorshipOffers<'_>, MeetingOffers<'_>, GroupMeetingOffers<'_>,
        RequestOffers<'_>, CaseOffers<'_>, CaseProblemOffers, TaskOffers<'_>, TeamMemberOffers<'_>,
        ParticipantOffers, EmergencyAidOffers, TransferOffers, BedBlockOffers, StayOffers<'_>, PlaceRequestOffers,
        ReferralOffers, IntakeOffers<'_>, ConsiliumOffers<'_>, ItemOffers<'_>, MonthlyRecordOffers<'_>,
        PlanOffers<'_>, PlanVersionOffers<'_>, AssessmentOffers<'_>, LivingEnrolmentOffers<'_>,
        CouncilMeetingOffers, DecisionOffers, CrisisOffers<'_>, ConsentOffers<'_>, JointActivityOffers, VetoOffers, RoundOffers<'_>,
        AgreementOffers,
    }
    let in_clubs = CommunityMemberOffers::OF_CLUB.iter().map(|it| ("club-members", *it));
    all.extend(
        in_clubs.chain(CommunityMemberOffers::OF_GROUP.iter().map(|it| ("volunteer-group-members", *it))),
    );
    for records in ["trainings", "surveys", "mentor-reports"] {
        all.extend(RecordOffers::OFFERS.iter().map(|it| (records, *it)));
    }
    for part in [MENTOR_PROFILE, BENEFICIARY_PROFILE, NEEDS] {
        all.extend(part.offers().into_iter().map(|it| (part.at(), it)));
    }
    for (at, kind) in [("beneficiaries", SubjectKind::Beneficiary), ("cases", SubjectKind::Case)] {
        all.extend(entered_under(kind).into_iter().map(|it| (at, it)));
    }
    for it in tests::entries::all() {
        let steps = steps_of(it.about).into_iter().map(|it| it.offer());
        let edit = (!it.about.is_entered_once).then(|| Offer::edit(it.edit));
        let orders = edit.into_iter().chain(steps).chain(entered_under(it.about.kind));
        all.extend(orders.map(|order| (it.about.at, order)));
    }
    all
}

/// The address of an order in the contract.
fn address(collection: &str, order: &Offer) -> String {
    match order.at() {
        "" => format!("/api/v1/{collection}/{{id}}"),
        step => format!("/api/v1/{collection}/{{id}}/{step}"),
    }
}

#[test]
fn every_order_of_the_contract_is_offered_by_the_card_whose_address_it_extends() {
    // A PATCH is its PUT in other words.
    let orders: BTreeSet<(String, String)> = operations()
        .into_iter()
        .filter(|(name, method, path)| {
            let is_order = matches!(*method, "POST" | "PUT") && path.contains("{id}");
            is_order && !NOT_OFFERED.iter().any(|it| it.0 == name)
        })
        .map(|(_, method, path)| (method.to_owned(), path))
        .collect();
    let offered: BTreeSet<(String, String)> =
        offers().iter().map(|(at, it)| (it.method().to_owned(), address(at, it))).collect();
    let missing: Vec<_> = orders.difference(&offered).collect();
    assert!(missing.is_empty(), "no card offers {missing:#?}");
    let unknown: Vec<_> = offered.difference(&orders).collect();
    assert!(unknown.is_empty(), "the contract does not know {unknown:#?}");
}

#[test]
fn every_card_with_orders_tells_them() {
    let document = api::openapi::document();
    let cards = offers().into_iter().flat_map(|(at, it)| {
        let part = (it.method() == "PUT").then(|| address(at, &it));
        std::iter::once(format!("/api/v1/{at}/{{id}}")).chain(part)
    });
    for card in cards {
        let pointer = format!(
            "/paths/{}/get/responses/200/content/application~1json/schema/$ref",
            card.replace('/', "~1")
        );
        let Some(name) = document.pointer(&pointer).and_then(Value::as_str) else { continue };
        let schema = document.pointer(name.trim_start_matches('#')).expect("a schema");
        assert!(schema["properties"].get("available_actions").is_some(), "{card}: {name}");
    }
}

#[test]
fn an_order_is_offered_to_those_alone_whom_its_address_lets_in() {
    let (world, home, away) = Realm::in_world();
    let orders = offers();
    let collections: BTreeSet<&str> = orders.iter().map(|it| it.0).collect();
    let mut offered = BTreeSet::new();
    for (letter, who) in &home.accounts {
        for objects in [&home.objects, &away.objects] {
            for collection in &collections {
                let card = world.get(who, &format!("/{collection}/{}", objects[*collection]));
                if card.status != 200 {
                    continue;
                }
                for action in card.body["available_actions"].as_array().expect("actions") {
                    let path = action["path"].as_str().expect("a path");
                    let is_put = action["method"] == "PUT";
                    let method = if is_put { "PUT" } else { "POST" };
                    let status = without_effect(&world, Some(who), method, path).send().status;
                    assert!(!matches!(status, 401 | 403 | 404), "{letter}: {action}: {status}");
                    let it = orders.iter().find(|(at, it)| at == collection && path.ends_with(it.at()));
                    assert!(it.is_some(), "{letter}: {action}");
                    offered.insert(format!("{letter} {}", path.replace(&objects[*collection], "")));
                }
                for (_, order) in orders.iter().filter(|it| it.0 == *collection) {
                    let path = at(&address(collection, order), objects);
                    let status = without_effect(&world, Some(who), order.method(), &path).send().status;
                    let told = card.body["available_actions"].as_array().expect("actions");
                    let is_told = told.iter().any(|it| it["path"] == path);
                    assert!(matches!(status, 401 | 403 | 404) <= !is_told, "{letter}: {path}: {status}");
                }
            }
        }
    }
    for expected in [
        "D /api/v1/people/",
        "U /api/v1/beneficiaries//vetoes",
        "C /api/v1/mentors//choices",
        "A /api/v1/users/",
    ] {
        assert!(offered.contains(expected), "{expected}: {offered:#?}");
    }
}

/// Sends an order, edits by PATCH, and holds the outcome against what the card told: it is let in and carried out if the card offers
/// it and nothing blocks it, refused with a code that blocks it, and refused if it is not offered.
pub(crate) fn holds(world: &World, who: &Account, card: &str, code: &str, step: &str, body: Value) -> Reply {
    let told = world.get(who, card);
    let address = format!("{card}{step}");
    let action = if told.status == 200 { told.action(code).cloned() } else { None };
    let is_edit = matches!(code, "edit" | "edit_profile" | "edit_needs" | "open" | "close");
    let reply = if is_edit {
        let seen = world.get(who, &address);
        let tag = seen.header("etag").unwrap_or("\"1\"").to_owned();
        world.patch(who, &address, &tag, body)
    } else {
        world.post(who, &address, body)
    };
    let line = format!("{}: {code} {address}: {action:?}: {}", who.login, reply.text);
    let Some(action) = action else {
        assert!(reply.status >= 400, "{line}");
        return reply;
    };
    assert_eq!(action["path"], format!("/api/v1{address}"), "{line}");
    assert_eq!(action["method"], if is_edit { "PUT" } else { "POST" }, "{line}");
    let blocked = action["blocked_by"].as_array().expect("codes of a single card");
    match blocked.is_empty() {
        true => assert!(reply.status < 300, "{line}"),
        false => assert!(reply.codes().iter().any(|it| blocked.contains(&json!(it))), "{line}"),
    }
    reply
}

/// Accounts of every role that may have to do with a pair.
pub(crate) fn callers(world: &World, pair: &tests::pairs::Pair) -> Vec<Account> {
    let (_, stranger) = world.institution("Другой центр");
    let coordinator = json!([{"role": "program_coordinator", "program_id": pair.program}]);
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    vec![
        pair.director.clone(),
        world.staff("unit_head", &pair.organization),
        world.staff("support_specialist", &pair.organization),
        world.account("coordinator", coordinator, None),
        world.account("officer", officer, None),
        world.mentor_account("mentor", pair),
        world.mentee_account("mentee", pair),
        stranger,
        world.admin(),
    ]
}

#[test]
fn what_the_card_of_a_person_offers_is_carried_out_and_nothing_else() {
    let (world, pair) = World::paired();
    for who in callers(&world, &pair) {
        let path = format!("/people/{}", world.resident(&pair.director));
        holds(&world, &who, &path, "edit", "", json!({"residence": "25655101001"}));
        let mistake = json!({"reason": "Свидетельство относится к однофамильцу."});
        holds(&world, &who, &path, "annul_death", "/death/annulment", mistake.clone());
        let death = json!({"died_on": world.day(0), "document": "Свидетельство II-СТ № 1"});
        holds(&world, &who, &path, "record_death", "/death", death.clone());
        world.post(&world.admin(), &format!("{path}/death"), death.clone());
        holds(&world, &who, &path, "record_death", "/death", death);
        holds(&world, &who, &path, "edit", "", json!({"residence": "25655000"}));
        holds(&world, &who, &path, "annul_death", "/death/annulment", mistake);
    }
    let seen = world.get(&pair.director, &format!("/people/{}", pair.person)).expect(200);
    assert_eq!(seen.actions(), json!(["edit", "record_death"]));
    let listed = world.get(&pair.director, "/people").expect(200);
    assert!(listed.items()[0].get("available_actions").is_none(), "a list of people judges nobody");
}

#[test]
fn a_former_institution_is_offered_no_edit_of_a_person_that_has_left() {
    let world = World::new();
    let (former, director) = world.institution("Прежний центр");
    let (next, successor) = world.institution("Новый центр");
    let person = world.person(&director, json!({}));
    let beneficiary = format!("/beneficiaries/{}", world.beneficiary(&director, &former, &person));
    world.edit(&world.admin(), &beneficiary, json!({"organization_id": next})).expect(200);
    let path = format!("/people/{person}");
    for who in [&director, &successor, &world.admin()] {
        holds(&world, who, &path, "edit", "", json!({"residence": "25655101001"}));
        holds(&world, who, &beneficiary, "edit", "", json!({"disability": true}));
    }
    assert_eq!(world.get(&director, &path).expect(200).actions(), json!([]));
}

#[test]
fn what_the_cards_of_a_family_a_beneficiary_and_a_representative_offer_is_carried_out_and_nothing_else() {
    let (world, pair) = World::paired();
    world.active(&pair);
    let beneficiary = format!("/beneficiaries/{}", pair.beneficiary);
    let family = format!("/families/{}", world.family(&pair.director, &[]));
    let guardian = world.guardian(&pair.director, &pair.beneficiary, &world.resident(&pair.director));
    let guardian = format!("/representatives/{guardian}");
    let activity = world.joint_activity(
        &pair.director,
        &pair.program,
        &pair.organization,
        &[&pair.mentor],
        &[&pair.beneficiary],
    );
    for who in callers(&world, &pair) {
        holds(&world, &who, &family, "edit", "", json!({"name": "Семья"}));
        holds(&world, &who, &guardian, "edit", "", json!({"valid_until": world.day(100)}));
        holds(&world, &who, &beneficiary, "edit", "", json!({"disability": true}));
        let relative = world.resident(&pair.director);
        let authority = json!({"person_id": relative, "basis": "guardian", "valid_from": world.day(-5)});
        holds(&world, &who, &beneficiary, "add_representative", "/representatives", authority);
        holds(
            &world,
            &who,
            &beneficiary,
            "edit_profile",
            "/matching-profile",
            json!({"interests": ["chess"]}),
        );
        holds(&world, &who, &beneficiary, "edit_needs", "/matching-needs", json!({"risk_level": 1}));
        let choice =
            json!({"activity_id": activity, "ranked": [{"mentor_id": pair.mentor, "rank": 1}], "vetoed": []});
        holds(&world, &who, &beneficiary, "choose", "/choices", choice);
        let choice = json!({"activity_id": activity, "ranked": [{"beneficiary_id": pair.beneficiary, "rank": 1}], "vetoed": []});
        holds(&world, &who, &format!("/mentors/{}", pair.mentor), "choose", "/choices", choice);
        let profile = json!({"interests": ["hiking"]});
        holds(
            &world,
            &who,
            &format!("/mentors/{}", pair.mentor),
            "edit_profile",
            "/matching-profile",
            profile,
        );
        let veto =
            json!({"mentor_id": pair.mentor, "made_by": "specialist", "reason": "professional_opinion"});
        let made = holds(&world, &who, &beneficiary, "make_veto", "/vetoes", veto);
        if made.status == 201 {
            holds(
                &world,
                &who,
                &format!("/vetoes/{}", made.id()),
                "lift",
                "/lifting",
                json!({"reason": "Помирились."}),
            );
        }
        for profile in ["/matching-profile", "/matching-needs"] {
            let part = format!("{beneficiary}{profile}");
            let is_profile = profile == "/matching-profile";
            let body = if is_profile { json!({"interests": ["cooking"]}) } else { json!({"risk_level": 2}) };
            holds(&world, &who, &part, "edit", "", body);
        }
        let part = format!("/mentors/{}/matching-profile", pair.mentor);
        holds(&world, &who, &part, "edit", "", json!({"interests": ["chess"]}));
    }
}

#[test]
fn a_choice_is_blocked_until_an_activity_of_the_chooser_is_held() {
    let (world, pair) = World::paired();
    let (mentor, beneficiary) =
        (format!("/mentors/{}", pair.mentor), format!("/beneficiaries/{}", pair.beneficiary));
    let blocked = |path: &str| {
        let card = world.get(&pair.director, path).expect(200);
        card.action("choose").expect("a choice")["blocked_by"].clone()
    };
    let others = world.another_mentor(&pair);
    let strange = world.joint_activity(&pair.director, &pair.program, &pair.organization, &[&others], &[]);
    let choice = |activity: &str| json!({"activity_id": activity, "ranked": [{"mentor_id": pair.mentor, "rank": 1}], "vetoed": []});
    assert_eq!(blocked(&beneficiary), json!(["choice.not_participant"]));
    assert_eq!(blocked(&mentor), json!(["choice.not_participant"]));
    holds(&world, &pair.director, &beneficiary, "choose", "/choices", choice(&strange));
    let mut form =
        world.activity_form(&pair.program, &pair.organization, &[&pair.mentor], &[&pair.beneficiary]);
    form["held_on"] = json!(world.day(3));
    let planned = world.post(&pair.director, "/joint-activities", form).expect(201);
    assert_eq!(planned.actions(), json!(["edit"]));
    assert_eq!(blocked(&beneficiary), json!(["choice.too_early"]));
    holds(&world, &pair.director, &beneficiary, "choose", "/choices", choice(&planned.id()));
    let path = format!("/joint-activities/{}", planned.id());
    for who in callers(&world, &pair) {
        holds(&world, &who, &path, "edit", "", json!({"held_on": world.day(0)}));
    }
    holds(&world, &pair.director, &beneficiary, "choose", "/choices", choice(&planned.id())).expect(201);
}

#[test]
fn an_access_request_is_offered_to_who_decides_it_while_it_is_open() {
    let mut world = World::new();
    let (held_by, holder) = world.institution("Центр «Дом»");
    let (asking, director) = world.institution("Центр «Кров»");
    let person = world.person(&holder, json!({"snils": "11223344595"}));
    world.beneficiary(&holder, &held_by, &person);
    let specialist = world.staff("support_specialist", &asking);
    let head = world.staff("unit_head", &held_by);
    let ask = |who: &Account| {
        let order = json!({"snils": "11223344595", "reason": "Семья переехала к нам."});
        format!("/access-requests/{}", world.post(who, "/access-requests", order).expect(202).id())
    };
    let (first, second, third) = (ask(&specialist), ask(&specialist), ask(&specialist));
    let grant = json!({"kind": "grant"});
    let refuse = json!({"kind": "refuse", "reason": "Семья не переезжала."});
    for who in [&director, &specialist, &world.admin()] {
        holds(&world, who, &first, "grant", "/decision", grant.clone());
        holds(&world, who, &first, "refuse", "/decision", refuse.clone());
    }
    let seen = world.get(&head, &first).expect(200);
    assert_eq!(seen.actions(), json!(["grant", "refuse"]));
    assert_eq!(
        seen.action("refuse").expect("it")["takes"],
        json!([{"pointer": "/kind", "words": ["refuse"]}])
    );
    holds(&world, &head, &first, "refuse", "/decision", refuse.clone()).expect(200);
    holds(&world, &holder, &second, "grant", "/decision", grant.clone()).expect(200);
    for settled in [&first, &second] {
        assert_eq!(world.get(&holder, settled).expect(200).actions(), json!([]));
        holds(&world, &holder, settled, "grant", "/decision", grant.clone());
    }
    world.advance_days(15);
    let holder = world.again(&holder);
    holds(&world, &holder, &third, "grant", "/decision", grant);
}

#[test]
fn an_account_and_a_key_offer_what_their_administrator_may_do() {
    let world = World::new();
    let (organization, director) = world.institution("Центр помощи семье");
    let (admin, other) = (world.admin(), world.account("second", json!([{"role": "region_admin"}]), None));
    let worker = world.staff("support_specialist", &organization);
    let path = |who: &Account| format!("/users/{}", who.id);
    let close = json!({"active": false});
    for who in [&director, &worker, &admin] {
        holds(&world, who, &path(&worker), "edit", "", json!({"name": "Петрова Е. В."}));
    }
    holds(&world, &admin, &path(&worker), "issue_one_time_password", "/one-time-password", json!({}))
        .expect(200);
    holds(&world, &admin, &path(&admin), "issue_one_time_password", "/one-time-password", json!({}))
        .refused(403, "access.own");
    holds(&world, &admin, &path(&worker), "close", "", close.clone()).expect(200);
    let closed = world.get(&admin, &path(&worker)).expect(200);
    assert_eq!(closed.actions(), json!(["edit", "open"]));
    holds(&world, &admin, &path(&worker), "issue_one_time_password", "/one-time-password", json!({}))
        .refused(409, "user.closed");
    holds(&world, &admin, &path(&worker), "open", "", json!({"active": true})).expect(200);
    holds(&world, &admin, &path(&other), "close", "", close.clone()).expect(200);
    holds(&world, &admin, &path(&admin), "close", "", close).refused(409, "user.last_admin");

    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let issued = world.issued(&robot, json!({}));
    let key = format!("/api-keys/{}", issued["key"]["id"].as_str().expect("an id"));
    assert_eq!(issued["key"]["available_actions"][0]["path"], format!("/api/v1{key}/revocation"));
    holds(&world, &director, &key, "revoke", "/revocation", json!({}));
    holds(&world, &admin, &key, "revoke", "/revocation", json!({})).expect(200);
    holds(&world, &admin, &key, "revoke", "/revocation", json!({})).refused(409, "api_key.revoked_already");
}

#[test]
fn a_program_and_an_organization_offer_what_is_issued_and_entered_under_them() {
    let (world, pair) = World::paired();
    let program = format!("/programs/{}", pair.program);
    let edition =
        world.get(&pair.director, &format!("{program}/editions")).expect(200).items()[0]["form"].clone();
    let rules = &api::openapi::document()["components"]["schemas"]["MatchingRulesForm"];
    let rules = rules.get("example").unwrap_or(&rules["examples"][0]);
    for who in callers(&world, &pair) {
        holds(&world, &who, &program, "edit", "", json!({"description": "Для выпускников."}));
        holds(&world, &who, &program, "issue_edition", "/editions", edition.clone());
        holds(&world, &who, &program, "issue_rules", "/matching-rules", rules.clone());
        let organization = format!("/organizations/{}", pair.organization);
        holds(&world, &who, &organization, "add", "/units", json!({"name": "Отделение"}));
    }
    let listed = world.get(&world.admin(), "/programs").expect(200);
    let first = &listed.items()[0]["available_actions"][0];
    assert!(first["code"] == "edit" && first.get("blocked_by").is_none(), "{first}");
}

#[test]
fn a_mentorship_offers_the_survey_and_the_report_to_who_may_make_them() {
    let (mut world, pair) = World::paired();
    let callers = callers(&world, &pair);
    let tries = |world: &World, callers: &[Account], id: &str| {
        for who in callers {
            let path = format!("/mentorships/{id}");
            holds(world, who, &path, "make_survey", "/surveys", world.survey());
            holds(world, who, &path, "make_report", "/mentor-reports", world.report());
        }
    };
    let offered = |world: &World, who: &Account, id: &str| {
        let card = world.get(who, &format!("/mentorships/{id}")).expect(200);
        card.action("make_survey").map(|it| it["blocked_by"].clone())
    };
    let id = world.consented(&pair);
    tries(&world, &callers, &id);
    let later = json!({"starts_on": world.day(2), "ends_on": world.day(60)});
    world.step(&pair.director, &id, "confirmation", later).expect(200);
    assert_eq!(offered(&world, &pair.director, &id), Some(json!(["survey.date"])));
    tries(&world, &callers, &id);
    world.advance_days(2);
    let callers: Vec<Account> = callers.iter().map(|it| world.again(it)).collect();
    assert_eq!(offered(&world, &callers[5], &id), Some(json!([])), "the mentor");
    assert_eq!(offered(&world, &callers[6], &id), None, "the mentee");
    tries(&world, &callers, &id);
    world
        .step(&callers[0], &id, "pause", json!({"paused_on": world.day(0), "reason": "illness"}))
        .expect(200);
    tries(&world, &callers, &id);
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&callers[0], &id, "termination", end).expect(200);
    assert_eq!(offered(&world, &callers[0], &id), Some(json!([])), "the institution adds one after the end");
    tries(&world, &callers, &id);
}
