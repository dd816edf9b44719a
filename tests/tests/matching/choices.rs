//! Choices of the participants of joint activities.
use domain::base::id::{BeneficiaryId, MentorId, ProgramId};
use domain::matching::joint_activities::vetoes::VetoSide;
use persistence::matching::joint_activities::wishes;
use persistence::tx::Tx;
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, Reply, World};

/// Two pairs of one institution who met at an activity today.
struct Met {
    world: World,
    one: Pair,
    other: Pair,
    activity: String,
}

fn met() -> Met {
    tests::prepared!(Met { one, other, activity } by met_in)
}

fn met_in(world: World) -> Met {
    let one = world.pair();
    let other = world.pair_at(&one.organization, &one.director, &one.program);
    let activity = hold(&world, &one, &other);
    Met { world, one, other, activity }
}
fn hold(world: &World, one: &Pair, other: &Pair) -> String {
    let (mentors, beneficiaries) =
        ([one.mentor.as_str(), &other.mentor], [one.beneficiary.as_str(), &other.beneficiary]);
    world.joint_activity(&one.director, &one.program, &one.organization, &mentors, &beneficiaries)
}
fn listed(world: &World, who: &Account, path: &str) -> Vec<String> {
    let reply = world.get(who, path).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

impl Met {
    fn as_mentor(&self, who: &Account, ranked: &[(&str, i32)], vetoed: &[&str]) -> Reply {
        self.world.choose_as_mentor(who, &self.one.mentor, &self.activity, ranked, vetoed)
    }
    fn as_beneficiary(&self, who: &Account, ranked: &[(&str, i32)], vetoed: &[&str]) -> Reply {
        self.world.choose_as_beneficiary(who, &self.one.beneficiary, &self.activity, ranked, vetoed)
    }
    fn of_mentor(&self) -> String {
        format!("/mentors/{}/choices", self.one.mentor)
    }
    fn of_beneficiary(&self) -> String {
        format!("/beneficiaries/{}/choices", self.one.beneficiary)
    }
}

#[test]
fn each_side_chooses_for_itself_and_a_later_choice_takes_the_place_of_the_earlier() {
    let it = met();
    let (world, one, other) = (&it.world, &it.one, &it.other);
    let (mentor, mentee) = (world.mentor_account("maria", one), world.mentee_account("daria", one));
    let both = [(one.beneficiary.as_str(), 1), (other.beneficiary.as_str(), 1)];
    let first = it.as_mentor(&mentor, &both, &[]).expect(201);
    assert_eq!(first.header("location"), Some(format!("/api/v1/choices/{}", first.id()).as_str()));
    assert_eq!(world.fact("choice.made"), first.id());
    let pair = |pair: &Pair| json!({"mentor_id": one.mentor, "beneficiary_id": pair.beneficiary, "rank": 1});
    assert_eq!(
        tests::without_names(&first.body["ranked"]),
        json!([pair(one), pair(other)]),
        "ties are allowed"
    );
    assert_eq!(
        (&first.body["mentor_id"], &first.body["beneficiary_id"], &first.body["made_by"]),
        (&json!(one.mentor), &Value::Null, &json!(mentor.id))
    );
    let second = it.as_mentor(&mentor, &[], &[&one.beneficiary]).expect(201);
    let vetoed = json!([{"mentor_id": one.mentor, "beneficiary_id": one.beneficiary}]);
    assert_eq!(tests::without_names(&second.body["vetoed"]), vetoed);
    let none = it.as_mentor(&mentor, &[], &[]).expect(201);
    assert_eq!((&none.body["ranked"], &none.body["vetoed"]), (&json!([]), &json!([])));
    let all = [none.id(), second.id(), first.id()];
    let path = it.of_mentor();
    for who in [&mentor, &one.director, &world.admin()] {
        assert_eq!(listed(world, who, &path), all, "{}", who.login);
        assert_eq!(listed(world, who, &format!("{path}?superseded=false")), [none.id()]);
        assert_eq!(listed(world, who, &format!("{path}?superseded=true")), [second.id(), first.id()]);
        assert_eq!(world.get(who, &format!("/choices/{}", first.id())).expect(200).body["superseded"], true);
    }
    let another = hold(world, one, other);
    assert_eq!(listed(world, &mentor, &format!("{path}?activity_id={}", it.activity)), all);
    assert!(listed(world, &mentor, &format!("{path}?activity_id={another}")).is_empty());
    let page = world.get(&mentor, &format!("{path}?limit=2")).expect(200);
    let next = page.body["next_cursor"].as_str().expect("a cursor");
    assert_eq!(listed(world, &mentor, &format!("{path}?limit=2&cursor={next}")), [first.id()]);

    let ranked = [(other.mentor.as_str(), 2), (one.mentor.as_str(), 1)];
    let chosen = it.as_beneficiary(&mentee, &ranked, &[]).expect(201);
    let ranks: Vec<&Value> =
        chosen.body["ranked"].as_array().expect("a list").iter().map(|it| &it["mentor_id"]).collect();
    assert_eq!(ranks, [&json!(one.mentor), &json!(other.mentor)]);
    assert_eq!(listed(world, &mentee, &it.of_beneficiary()), [chosen.id()]);
    use domain::base::change::SubjectKind::Beneficiary;
    assert!(world.readers(Beneficiary, &one.beneficiary).contains(&mentee.id), "a read leaves a trace");
}

#[test]
fn a_specialist_records_for_either_side_and_may_keep_the_paper() {
    let it = met();
    let (world, one, other) = (&it.world, &it.one, &it.other);
    let specialist = world.staff("support_specialist", &one.organization);
    let coordinator = json!([{"role": "program_coordinator", "program_id": one.program}]);
    let coordinator = world.account("coordinator", coordinator, None);
    world.proposed(one); // The coordinator sees the recipient through the program.
    let order = json!({"activity_id": it.activity, "ranked": [{"mentor_id": other.mentor, "rank": 20}],
        "on_paper_file_id": world.file(&coordinator, "other")});
    let made = world.post(&coordinator, &it.of_beneficiary(), order.clone()).expect(201);
    let paper = made.body["on_paper_file_id"].as_str().expect("a paper").to_owned();
    world.get(&specialist, &format!("/files/{paper}")).expect(200);
    it.as_mentor(&specialist, &[(&other.beneficiary, 1)], &[]).expect(201);
    let away = world.pair();
    let mut foreign = order;
    foreign["on_paper_file_id"] = json!(world.file(&away.director, "other"));
    let told = world.post(&specialist, &it.of_beneficiary(), foreign).refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/on_paper_file_id");
    it.as_mentor(&away.director, &[], &[]).refused(404, "request.not_found");
    it.as_mentor(&world.admin(), &[], &[]).refused(403, "access.forbidden");
    let hidden = world.joint_activity(&away.director, &away.program, &away.organization, &[], &[]);
    let told =
        world.choose_as_mentor(&specialist, &one.mentor, &hidden, &[], &[]).refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/activity_id");
}

#[test]
fn a_choice_is_of_those_met_each_once_and_not_before_the_day() {
    let it = met();
    let (world, one, other) = (&it.world, &it.one, &it.other);
    let absent = world.pair_at(&one.organization, &one.director, &one.program);
    let told = it
        .as_mentor(
            &one.director,
            &[(&one.beneficiary, 1), (&absent.beneficiary, 2)],
            &[&one.beneficiary, &absent.beneficiary],
        )
        .refused(422, "choice.not_met");
    assert_eq!(told.codes(), ["choice.not_met", "choice.named_twice", "choice.named_twice"]);
    assert_eq!(told.body["rule"], "000 L59");
    assert_eq!(told.body["errors"][0]["pointer"], "/ranked/1/beneficiary_id");
    it.as_beneficiary(&one.director, &[], &[&absent.mentor]).refused(422, "choice.not_met");
    it.as_mentor(&one.director, &[(&one.beneficiary, 1), (&one.beneficiary, 2)], &[])
        .refused(422, "choice.named_twice");
    world
        .choose_as_mentor(&one.director, &absent.mentor, &it.activity, &[], &[])
        .refused(422, "choice.not_participant");
    it.as_mentor(&one.director, &[(&one.beneficiary, 21)], &[]).expect(422);
    let mut form =
        world.activity_form(&one.program, &one.organization, &[&one.mentor], &[&other.beneficiary]);
    form["held_on"] = json!(world.day(1));
    let planned = world.post(&one.director, "/joint-activities", form).expect(201).id();
    let early =
        || world.choose_as_mentor(&one.director, &one.mentor, &planned, &[(&other.beneficiary, 1)], &[]);
    early().refused(409, "choice.too_early");
    world.advance(chrono::TimeDelta::minutes(1));
    early().refused(409, "choice.too_early");
}

#[test]
fn nobody_chooses_for_another_participant() {
    let it = met();
    let (world, one, other) = (&it.world, &it.one, &it.other);
    let (mentor, mentee) = (world.mentor_account("maria", one), world.mentee_account("daria", one));
    world.active(one);
    // The mentor of an active mentorship sees the recipient, but cannot choose for them.
    it.as_beneficiary(&mentor, &[(&one.mentor, 1)], &[]).refused(403, "access.forbidden");
    it.as_mentor(&mentee, &[(&one.beneficiary, 1)], &[]).refused(404, "request.not_found");
    world.choose_as_mentor(&mentor, &other.mentor, &it.activity, &[], &[]).refused(404, "request.not_found");
    let both = world.director_and("both", &one.organization, "mentor", &other.mentor_person);
    it.as_beneficiary(&both, &[(&other.mentor, 1)], &[]).refused(403, "access.not_yours");
    it.as_mentor(&both, &[], &[]).refused(403, "access.not_yours");
    world.choose_as_mentor(&both, &other.mentor, &it.activity, &[(&one.beneficiary, 1)], &[]).expect(201);
    let next = world.pair_at(&one.organization, &one.director, &one.program);
    let without =
        world.joint_activity(&both, &one.program, &one.organization, &[&next.mentor], &[&next.beneficiary]);
    world.choose_as_mentor(&both, &next.mentor, &without, &[], &[&next.beneficiary]).expect(201);
    // A director of another institution who is a mentor here sees the activity only as a mentor, so records for
    // nobody else.
    let (elsewhere, _) = world.institution("Чужое");
    let guest = world.director_and("guest", &elsewhere, "mentor", &one.mentor_person);
    it.as_mentor(&guest, &[(&other.beneficiary, 3)], &[]).expect(201);
}

#[test]
fn the_other_side_learns_neither_ranks_nor_vetoes_by_any_way() {
    let it = met();
    let (world, one, other) = (&it.world, &it.one, &it.other);
    let (mentor, mentee) = (world.mentor_account("maria", one), world.mentee_account("daria", one));
    let by_mentor = it.as_mentor(&mentor, &[(&other.beneficiary, 1)], &[&one.beneficiary]).expect(201).id();
    let by_mentee = it.as_beneficiary(&mentee, &[(&other.mentor, 1)], &[&one.mentor]).expect(201).id();
    let by_other = world
        .choose_as_beneficiary(&one.director, &other.beneficiary, &it.activity, &[], &[&one.mentor])
        .expect(201)
        .id();
    let both = world.director_and("both", &one.organization, "mentor", &one.mentor_person);
    let of_other = format!("/beneficiaries/{}/choices", other.beneficiary);
    for who in [&mentor, &both] {
        for id in [&by_mentee, &by_other] {
            world.get(who, &format!("/choices/{id}")).refused(404, "request.not_found");
        }
        world.get(who, &format!("/choices/{by_mentor}")).expect(200);
        assert_eq!(listed(world, who, &it.of_mentor()), [by_mentor.as_str()]);
    }
    assert!(listed(world, &both, &it.of_beneficiary()).is_empty());
    assert!(listed(world, &both, &of_other).is_empty());
    world.get(&mentor, &it.of_beneficiary()).refused(404, "request.not_found");
    let cared_for = world.director_and("cared-for", &one.organization, "mentee", &one.person);
    world.get(&mentee, &it.of_mentor()).refused(404, "request.not_found");
    assert!(listed(world, &cared_for, &it.of_mentor()).is_empty());
    for who in [&mentee, &cared_for] {
        world.get(who, &format!("/choices/{by_mentor}")).refused(404, "request.not_found");
        world.get(who, &format!("/choices/{by_mentee}")).expect(200);
    }
    // Only staff see the choices of a participant, so others of the same side do not.
    let second = world.mentee_account("second", other);
    world.get(&second, &format!("/choices/{by_mentee}")).refused(404, "request.not_found");
    world.get(&second, &it.of_beneficiary()).refused(404, "request.not_found");
    // The activity and its history do not show choices either.
    for who in [&mentor, &mentee, &both] {
        let shown = world.get(who, &format!("/joint-activities/{}", it.activity)).expect(200);
        assert!(!shown.text.contains("rank") && !shown.text.contains("veto"), "{}", shown.text);
    }
    let history = world.get(&both, &format!("/joint-activities/{}/history", it.activity)).expect(200);
    assert_eq!(history.items().len(), 1);
    for role in ["tutor", "analyst"] {
        let who = world.account(role, json!([{"role": role}]), None);
        world.get(&who, &format!("/choices/{by_mentor}")).refused(404, "request.not_found");
        world.get(&who, &it.of_mentor()).refused(404, "request.not_found");
    }
    // The mentor of an active mentorship sees the recipient, but not the recipient's choices.
    let third = world.pair_at(&one.organization, &one.director, &one.program);
    let apart = hold(world, &third, other);
    let chosen = world
        .choose_as_beneficiary(&one.director, &third.beneficiary, &apart, &[(&third.mentor, 1)], &[])
        .expect(201)
        .id();
    world.active(&third);
    let active = world.mentor_account("active", &third);
    let path = format!("/beneficiaries/{}", third.beneficiary);
    world.get(&active, &path).expect(200);
    world.get(&active, &format!("{path}/choices")).refused(403, "access.forbidden");
    world.get(&active, &format!("/choices/{chosen}")).refused(404, "request.not_found");
}

type RankRow = (BeneficiaryId, MentorId, Option<i32>, Option<i32>);
type ObjectionRow = (BeneficiaryId, MentorId, VetoSide);

/// The wishes that matching loads. Loading all at once and each alone must agree.
fn preferences(world: &World, program: &str, people: &[&str]) -> (Vec<RankRow>, Vec<ObjectionRow>) {
    let program: ProgramId = program.parse().expect("an id");
    let load = |of: Option<BeneficiaryId>| {
        world.inside(async move |tx: &mut Tx<'_>| {
            let one: Vec<BeneficiaryId> = of.into_iter().collect();
            let of = of.map(|_| one.as_slice());
            let told = wishes(tx, program, of).await?;
            let ranks = told
                .ranks
                .iter()
                .map(|it| (it.beneficiary_id, it.mentor_id, it.by_beneficiary, it.by_mentor));
            let ranks: Vec<RankRow> = ranks.collect();
            let against = told.objections.iter().map(|it| (it.beneficiary_id, it.mentor_id, it.side));
            Ok((ranks, against.collect::<Vec<ObjectionRow>>()))
        })
    };
    let all = load(None);
    let mut parts = (Vec::new(), Vec::new());
    for id in people {
        let (ranks, against) = load(Some(id.parse().expect("an id")));
        parts.0.extend(ranks);
        parts.1.extend(against);
    }
    assert_eq!(all, parts);
    all
}

#[test]
fn matching_learns_the_latest_word_of_each_about_each() {
    let it = met();
    let (world, one, other) = (&it.world, &it.one, &it.other);
    let director = &one.director;
    let people = [one.beneficiary.as_str(), &other.beneficiary];
    let pair = |of: &Pair, with: &Pair| -> (BeneficiaryId, MentorId) {
        (of.beneficiary.parse().expect("an id"), with.mentor.parse().expect("an id"))
    };
    let load = || preferences(world, &one.program, &people);
    it.as_mentor(director, &[(&one.beneficiary, 1)], &[]).expect(201);
    it.as_mentor(director, &[(&one.beneficiary, 3), (&other.beneficiary, 2)], &[]).expect(201);
    it.as_beneficiary(director, &[(&one.mentor, 2)], &[&other.mentor]).expect(201);
    let ((a, b), (c, _), (_, d)) = (pair(one, one), pair(other, one), pair(one, other));
    let ranks = vec![(a, b, Some(2), Some(3)), (c, b, None, Some(2))];
    assert_eq!(load(), (ranks, vec![(a, d, VetoSide::Beneficiary)]));
    // In another activity, the latest words about a person count. Words about a person who is not named stay.
    let later = hold(world, one, other);
    world.choose_as_mentor(director, &one.mentor, &later, &[], &[&one.beneficiary]).expect(201);
    world.choose_as_beneficiary(director, &one.beneficiary, &later, &[(&other.mentor, 5)], &[]).expect(201);
    world.veto(director, &other.beneficiary, &one.mentor, "representative").expect(201);
    let lifted = world.veto(director, &other.beneficiary, &other.mentor, "specialist").expect(201).id();
    let order = json!({"reason": "Недоразумение."});
    world.post(director, &format!("/vetoes/{lifted}/lifting"), order).expect(200);
    let ranks = vec![(a, b, Some(2), None), (a, d, Some(5), None), (c, b, None, Some(2))];
    let against = vec![(a, b, VetoSide::Mentor), (c, b, VetoSide::Representative)];
    let mut told = load();
    told.0.sort_by_key(|it| (it.0, it.1));
    assert_eq!(told, (ranks, against));
    let elsewhere = preferences(world, &world.program("long-term"), &people);
    assert_eq!(
        elsewhere,
        (vec![], vec![(c, b, VetoSide::Representative)]),
        "a standing veto binds every program"
    );
}

#[test]
fn a_veto_in_a_choice_keeps_the_pair_from_being_proposed_in_that_program() {
    let it = met();
    let (world, one) = (&it.world, &it.one);
    it.as_beneficiary(&one.director, &[], &[&one.mentor]).expect(201);
    let propose = || world.post(&one.director, "/mentorships", world.proposal(one));
    let told = propose().refused(409, "mentorship.objection");
    assert_eq!(told.body["rule"], "002 §3.4");
    assert!(!told.text.contains("beneficiary\""), "no side is told: {}", told.text);
    it.as_beneficiary(&one.director, &[], &[]).expect(201);
    propose().expect(201);
}
