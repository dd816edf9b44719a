//! The mentors of the region, as one program sees them on a day.
use super::{Map, Question, mentors};
use crate::engine::failure::Failure;
use crate::tx::Tx;
use domain::base::id::{MentorId, PersonId};
use domain::matching::{Courses, MentorProfile};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A mentor, with the person whose relatives they cannot help.
#[derive(Debug)]
pub(super) struct KnownMentor {
    person_id: PersonId,
    pub(super) profile: MentorProfile,
}

/// Data that are the same for all people of the region.
#[derive(Debug)]
pub(super) struct Surroundings {
    pub(super) courses: Courses,
    pub(super) map: Map,
}

/// The living mentors of the region, by id. Sides that differ in few mentors share the others.
#[derive(Debug)]
pub(super) struct MentorSide {
    pub(super) mentors: Vec<Arc<KnownMentor>>,
    pub(super) by_person: HashMap<PersonId, MentorId>,
    pub(super) region: Arc<Surroundings>,
}

impl MentorSide {
    /// Loads all mentors.
    pub(super) async fn load(tx: &mut Tx<'_>, asked: &Question) -> Result<Self, Failure> {
        let region = Surroundings { map: Map::of(tx).await?, courses: mentors::courses(tx).await? };
        let all = known(tx, asked, &region, None).await?;
        Ok(Self::of(all, Arc::new(region)))
    }

    /// The side with these mentors read again. Those of them who are not there any more are left out.
    pub(super) async fn exchanged(
        &self,
        tx: &mut Tx<'_>,
        asked: &Question,
        changed: &[MentorId],
    ) -> Result<Self, Failure> {
        let anew = known(tx, asked, &self.region, Some(changed)).await?;
        let changed: HashSet<MentorId> = changed.iter().copied().collect();
        let others = self.mentors.iter().filter(|it| !changed.contains(&it.profile.id));
        Ok(Self::of(others.cloned().chain(anew).collect(), self.region.clone()))
    }

    fn of(mut mentors: Vec<Arc<KnownMentor>>, region: Arc<Surroundings>) -> Self {
        mentors.sort_by_key(|it| it.profile.id);
        let by_person = mentors.iter().map(|it| (it.person_id, it.profile.id)).collect();
        Self { mentors, by_person, region }
    }

    pub(super) fn profiles(&self) -> impl Iterator<Item = &MentorProfile> {
        self.mentors.iter().map(|it| &it.profile)
    }
}

async fn known(
    tx: &mut Tx<'_>,
    asked: &Question,
    region: &Surroundings,
    only: Option<&[MentorId]>,
) -> Result<Vec<Arc<KnownMentor>>, Failure> {
    let all = mentors::on_record(tx, asked.program_id, &region.map, only).await?;
    let known = |it: domain::matching::MentorOnRecord| {
        let profile = it.on(&asked.edition.form, &region.courses, asked.as_of);
        Arc::new(KnownMentor { person_id: it.person_id, profile })
    };
    Ok(all.into_iter().map(known).collect())
}
