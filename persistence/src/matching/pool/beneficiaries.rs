//! The beneficiaries in matching: those who wait in a program, with their records. Each table is read once.
use super::{Map, Question};
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{
    beneficiaries, beneficiary_profiles, cases, families, family_members, matching_needs, organizations,
    people, representatives, waiting,
};
use crate::matching::waits::{Of, OtherRecords, entered, latest, of_these, other_records, removed, taken};
use crate::people::{dead_elsewhere, died_out, kinship_around, no_record_is_dead, none_of};
use crate::scope::beneficiaries::visible as visible_beneficiaries;
use crate::scope::places;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::base::id::{BeneficiaryId, FamilyId, OrganizationId, PersonId};
use domain::base::text::Oktmo;
use domain::matching::{BeneficiaryOnRecord, BeneficiaryProfileForm, LatestMentorship, MatchingNeedsForm};
use domain::people::consents::HumanFacts;
use domain::people::{BeneficiaryKind, FamilyRole, Life, Sex, has_minor_children};
use std::collections::{HashMap, HashSet};

/// A beneficiary who waits, with their relatives.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The records about the beneficiary.
    pub(super) record: BeneficiaryOnRecord,
    /// The beneficiary's people, their kin and the representatives. None of them can be the mentor.
    pub(super) relatives: HashSet<PersonId>,
    /// Other records of the person in the register.
    pub(super) other_records: Vec<BeneficiaryId>,
    /// The people of these records.
    other_people: Vec<PersonId>,
}

impl Waiting {
    fn people(&self) -> impl Iterator<Item = PersonId> {
        self.record.people.iter().map(|it| it.person_id).chain(self.other_people.iter().copied())
    }
}

type Row = (
    BeneficiaryId,
    BeneficiaryKind,
    Option<PersonId>,
    Option<FamilyId>,
    OrganizationId,
    Oktmo,
    Option<(NaiveDate, Sex)>,
    Option<bool>,
);

/// The data about beneficiaries from other tables.
#[derive(Default)]
struct Related {
    entered: HashMap<BeneficiaryId, NaiveDate>,
    profiles: HashMap<BeneficiaryId, BeneficiaryProfileForm>,
    needs: HashMap<BeneficiaryId, MatchingNeedsForm>,
    /// Those whose needs do not open. They are left out whole, for no rule judges a part of them.
    damaged: HashSet<BeneficiaryId>,
    members: HashMap<FamilyId, Vec<HumanFacts>>,
    /// The members of families with their roles, the dead among them.
    lives: HashMap<FamilyId, Vec<(FamilyRole, Life)>>,
    representatives: HashMap<BeneficiaryId, Vec<PersonId>>,
    with_case: HashSet<(BeneficiaryId, OrganizationId)>,
    taken: HashSet<BeneficiaryId>,
    latest: HashMap<BeneficiaryId, LatestMentorship>,
    other_records: HashMap<BeneficiaryId, OtherRecords>,
    removed: HashSet<BeneficiaryId>,
    territories: HashMap<OrganizationId, Oktmo>,
}

/// The visible beneficiaries who wait in the program. Beneficiaries asked for by id are included even if they do not wait.
pub(super) async fn all(tx: &mut Tx<'_>, asked: &Question, map: &Map) -> Result<Vec<Waiting>, Failure> {
    let rows = rows(tx, asked).await?;
    let ids: Vec<BeneficiaryId> = rows.iter().map(|it| it.0).collect();
    let of = Of::these(asked.program_id, &ids, asked.also);
    let mut related = Related::of(tx, of).await?;
    related.must_open(tx, asked)?;
    let today = tx.today();
    let whole = |it| related.whole(it, asked, (map, today));
    let mut waiting: Vec<Waiting> = rows.into_iter().filter_map(whole).collect();
    let people: Vec<PersonId> = waiting.iter().flat_map(Waiting::people).collect();
    let kinship = kinship_around(tx, &people).await?;
    for it in &mut waiting {
        let kin = kinship.of(it.people());
        it.relatives.extend(kin);
    }
    Ok(waiting)
}

async fn rows(tx: &mut Tx<'_>, asked: &Question) -> Result<Vec<Row>, Failure> {
    let scope = tx.scope().clone();
    let gone = died_out(tx).await?;
    Ok(db!(tx, load, {
        let waits = waiting::table.filter(waiting::program_id.eq(bind(asked.program_id)));
        let waits = waits.select(waiting::beneficiary_id);
        let mut all = visible_beneficiaries!(scope)
            .select((
                beneficiaries::id,
                beneficiaries::kind,
                beneficiaries::person_id,
                beneficiaries::family_id,
                beneficiaries::organization_id,
                beneficiaries::territory,
                (people::birth_date, people::sex).nullable(),
                families::has_minor_children.nullable(),
            ))
            .filter(people::died_on.is_null())
            .filter(no_record_is_dead())
            .filter(none_of!(&gone))
            .order(beneficiaries::id);
        match (&asked.only, asked.also) {
            (Some(only), _) => all = all.filter(beneficiaries::id.eq_any(binds(only))),
            (None, None) => all = all.filter(beneficiaries::id.eq_any(waits)),
            (None, Some(also)) => {
                all = all.filter(beneficiaries::id.eq_any(waits).or(beneficiaries::id.eq(bind(also))));
            }
        }
        if let Some(organization) = asked.organization_id {
            all = all.filter(beneficiaries::organization_id.eq(bind(organization)));
        }
        if let Some(territory) = &asked.territory {
            let (first, end) = places(territory.as_str());
            all = all.filter(beneficiaries::territory.ge(bind(first)));
            all = all.filter(beneficiaries::territory.lt(bind(end)));
        }
        all
    })?)
}

impl Related {
    async fn of(tx: &mut Tx<'_>, of: Of<'_>) -> Result<Self, Failure> {
        let entered = entered(tx, of).await?;
        let mut related = Self { entered, ..Self::default() };
        related.statements(tx, of).await?;
        related.household(tx, of).await?;
        related.course(tx, of).await?;
        let all: Vec<(OrganizationId, Oktmo)> =
            db!(tx, load, organizations::table.select((organizations::id, organizations::territory)))?;
        related.territories = all.into_iter().collect();
        Ok(related)
    }

    async fn statements(&mut self, tx: &mut Tx<'_>, of: Of<'_>) -> Result<(), Failure> {
        let profiles: Vec<(BeneficiaryId, Json<BeneficiaryProfileForm>)> = db!(
            tx,
            load,
            of_these!(beneficiary_profiles, of)
                .select((beneficiary_profiles::beneficiary_id, beneficiary_profiles::form))
        )?;
        self.profiles = profiles.into_iter().map(|(id, form)| (id, form.0)).collect();
        let needs: Vec<(BeneficiaryId, String)> = db!(
            tx,
            load,
            of_these!(matching_needs, of).select((matching_needs::beneficiary_id, matching_needs::form))
        )?;
        for (id, sealed) in needs {
            match crate::matching::needs::open(tx, id, &sealed) {
                Ok(needs) => _ = self.needs.insert(id, needs),
                Err(Failure::Unsealed(why)) => {
                    log::error!("a beneficiary is left out of matching: {why}");
                    self.damaged.insert(id);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// A question about a damaged beneficiary has no answer; lists and rounds leave them out.
    fn must_open(&self, tx: &Tx<'_>, asked: &Question) -> Result<(), Failure> {
        let alone = match asked.only.as_deref() {
            Some([one]) if !tx.reads_list() => Some(*one),
            _ => asked.also,
        };
        match alone.filter(|it| self.damaged.contains(it)) {
            Some(it) => Err(Failure::Unsealed(format!("the needs of beneficiary {it} do not open"))),
            None => Ok(()),
        }
    }

    async fn household(&mut self, tx: &mut Tx<'_>, of: Of<'_>) -> Result<(), Failure> {
        type Member = (FamilyId, FamilyRole, PersonId, NaiveDate, Option<NaiveDate>);
        let members: Vec<Member> = db!(tx, load, {
            let mut all = family_members::table
                .inner_join(people::table)
                .order((family_members::family_id, family_members::n))
                .select((
                    family_members::family_id,
                    family_members::role,
                    people::id,
                    people::birth_date,
                    people::died_on,
                ))
                .into_boxed();
            if of.are_few() {
                let theirs = beneficiaries::table.filter(beneficiaries::id.eq_any(binds(of.ids)));
                let families = theirs.select(beneficiaries::family_id.assume_not_null());
                all = all.filter(family_members::family_id.eq_any(families));
            }
            all
        })?;
        // The publication asks the same of each household.
        let elsewhere = dead_elsewhere(tx).await?;
        for (family, role, person_id, birth_date, died_on) in members {
            let died_on = died_on.or_else(|| elsewhere.get(&person_id).copied());
            let life = Life { born_on: birth_date, died_on };
            self.lives.entry(family).or_default().push((role, life));
            if died_on.is_none() {
                self.members.entry(family).or_default().push(HumanFacts { person_id, birth_date });
            }
        }
        let acting: Vec<(BeneficiaryId, PersonId)> = db!(
            tx,
            load,
            of_these!(representatives, of)
                .select((representatives::beneficiary_id, representatives::person_id))
        )?;
        for (id, person) in acting {
            self.representatives.entry(id).or_default().push(person);
        }
        Ok(())
    }

    /// Loads cases and mentorships of the beneficiaries.
    async fn course(&mut self, tx: &mut Tx<'_>, of: Of<'_>) -> Result<(), Failure> {
        let open: Vec<(BeneficiaryId, OrganizationId)> = db!(
            tx,
            load,
            of_these!(cases, of)
                .filter(cases::state.eq(bind(CaseState::Open)))
                .select((cases::beneficiary_id, cases::organization_id))
        )?;
        self.with_case = open.into_iter().collect();
        self.taken = taken(tx, of).await?;
        self.latest = latest(tx, of).await?;
        self.other_records = other_records(tx, of).await?;
        self.removed = removed(tx, of).await?;
        Ok(())
    }

    /// The beneficiary with all data. None if they do not wait and were not asked for by id.
    fn whole(&mut self, row: Row, asked: &Question, (map, today): (&Map, NaiveDate)) -> Option<Waiting> {
        let (id, kind, person, family, organization, territory, human, as_entered) = row;
        if self.damaged.contains(&id) {
            return None;
        }
        let people = match (person, family) {
            (Some(person_id), _) => {
                human.map(|(birth_date, _)| HumanFacts { person_id, birth_date }).into_iter().collect()
            }
            (None, Some(family)) => self.members.get(&family).cloned().unwrap_or_default(),
            (None, None) => Vec::new(),
        };
        let lives = family.and_then(|it| self.lives.get(&it)).map(Vec::as_slice).unwrap_or_default();
        let has_minor_children = has_minor_children(as_entered.unwrap_or_default(), lives, today);
        let institution = self.territories.get(&organization).cloned().unwrap_or_else(|| territory.clone());
        // Where the person has other records, their people are the person too.
        let others = self.other_records.remove(&id).unwrap_or_default();
        let mut relatives: HashSet<PersonId> =
            self.representatives.remove(&id).unwrap_or_default().into_iter().collect();
        relatives.extend(&others.people);
        relatives.extend(&others.representatives);
        let record = BeneficiaryOnRecord {
            id,
            kind,
            people,
            sex: human.map(|it| it.1),
            has_minor_children,
            has_open_case: self.with_case.contains(&(id, organization)),
            place: match asked.edition.form.mentor.residence_required {
                true => map.place(Some(&institution)),
                // Mentors of the whole municipality may work there.
                false => map.place(Some(&territory)).whole_municipality(),
            },
            profile: self.profiles.remove(&id),
            needs: self.needs.remove(&id),
            entered: self.entered.get(&id).copied(),
            is_taken: self.taken.contains(&id),
            is_other_record: others.count,
            is_removed: self.removed.contains(&id),
            latest: others.latest.or_else(|| self.latest.remove(&id)),
        };
        let is_meant = asked.only.is_some() || asked.also == Some(id) || record.waits_since().is_some();
        let (other_records, other_people) = (others.all, others.people);
        is_meant.then_some(Waiting { record, relatives, other_records, other_people })
    }
}
