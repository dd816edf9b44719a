//! Individual programmes of services: the needs of a case by the number of their programme, with what was delivered for each.
use crate::engine::card::Card;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{needs, service_deliveries as deliveries, service_standards as standards};
use crate::entry::{self, EntryCard};
use crate::sight::reaches;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{CaseId, NeedId, ServiceStandardId};
use domain::base::text::{Code, OrderNumber};
use domain::help::needs::{LineMark, NeedForm, NeedState};
use domain::help::service_programmes::{
    Delivered, Line, LineDelivery, delivered, done_percent, mean_percent,
};
use shape::card;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A line of an individual programme of services.
#[card]
pub struct ProgrammeLine {
    /// The need.
    pub need_id: NeedId,
    /// The standard of the service.
    pub standard_id: Option<ServiceStandardId>,
    /// The state of the need.
    pub state: NeedState,
    /// The volume, in units of the standard.
    #[schema(minimum = 1, maximum = 10_000, example = 8)]
    pub volume: Option<i32>,
    /// The volume that was delivered. A delivery without a volume is one unit. One for several lines of a standard is counted once in their
    /// sum.
    #[schema(minimum = 0, maximum = 2_147_483_647, example = 4)]
    pub delivered_volume: i32,
    /// The part of the volume that was delivered, in per cent.
    #[schema(minimum = 0, maximum = 100, example = 50)]
    pub done_percent: Option<i32>,
    /// The day of the last delivery.
    pub last_delivered_on: Option<NaiveDate>,
    /// The last day.
    pub due_on: Option<NaiveDate>,
    /// The mark.
    pub mark: Option<LineMark>,
}

/// An individual programme of services.
#[card]
pub struct ServiceProgramme {
    /// The number of the programme.
    pub number: OrderNumber,
    /// The part that was done, in per cent: the mean of the lines with a volume.
    #[schema(minimum = 0, maximum = 100, example = 50)]
    pub done_percent: Option<i32>,
    /// The number of lines that have a mark.
    #[schema(minimum = 0, maximum = 200, example = 2)]
    pub marked: i32,
    /// The lines, the earliest need first.
    #[schema(max_items = 200)]
    pub lines: Vec<ProgrammeLine>,
}

/// The individual programmes of services of a case.
#[card]
pub struct ServiceProgrammes {
    /// The case.
    pub case_id: CaseId,
    /// The programmes, by their numbers.
    #[schema(max_items = 200)]
    pub items: Vec<ServiceProgramme>,
}

impl Card for ServiceProgrammes {
    fn personal(&self) -> Vec<Subject> {
        let needs = self.items.iter().flat_map(|it| &it.lines);
        let needs = needs.map(|it| Subject::new(SubjectKind::Need, it.need_id));
        needs.chain([Subject::new(SubjectKind::Case, self.case_id)]).collect()
    }
}

/// The lines of one case at most.
const LINES: i64 = 200;

/// The programmes of a case that the caller sees.
pub async fn of_case(tx: &mut Tx<'_>, id: CaseId) -> Result<ServiceProgrammes, Failure> {
    let subject = Subject::new(SubjectKind::Case, id);
    if !reaches(tx, subject).await? {
        return Err(Failure::NotFound(Some(subject)));
    }
    let lines = needs::table
        .filter(needs::case_id.eq(bind(id)))
        .filter(needs::programme_number.is_not_null())
        .filter(needs::annulment_reason.is_null())
        .order((needs::noticed_on, needs::id))
        .limit(LINES)
        .select(needs::id);
    let ids: Vec<NeedId> = db!(tx, load, lines)?;
    let mut lines = entry::those::<NeedForm>(tx, ids).await?;
    lines.sort_unstable_by_key(|it| (it.form.noticed_on, it.id));
    let given = given_in(tx, id).await?;
    let codes = codes(tx, lines.iter().filter_map(|it| it.form.standard_id)).await?;
    let due = |it: &EntryCard<NeedForm>| Line {
        need: it.id,
        standard: it.form.standard_id.and_then(|it| codes.get(&it)).cloned(),
        volume: it.form.volume,
    };
    let told = delivered(&lines.iter().map(due).collect::<Vec<_>>(), &given);
    let mut programmes: BTreeMap<OrderNumber, Vec<ProgrammeLine>> = BTreeMap::new();
    for (it, told) in lines.into_iter().zip(told) {
        let Some(number) = it.form.programme_number.clone() else { continue };
        programmes.entry(number).or_default().push(line(&it, told));
    }
    let items = programmes.into_iter().map(programme).collect::<Result<_, Failure>>()?;
    Ok(ServiceProgrammes { case_id: id, items })
}

fn programme((number, lines): (OrderNumber, Vec<ProgrammeLine>)) -> Result<ServiceProgramme, Failure> {
    let done: Vec<i32> = lines.iter().filter_map(|it| it.done_percent).collect();
    let marked = lines.iter().filter(|it| it.mark.is_some()).count();
    let marked = i32::try_from(marked).map_err(Failure::broken)?;
    Ok(ServiceProgramme { number, done_percent: mean_percent(&done), marked, lines })
}

fn line(it: &EntryCard<NeedForm>, told: Delivered) -> ProgrammeLine {
    ProgrammeLine {
        need_id: it.id,
        standard_id: it.form.standard_id,
        state: it.form.state,
        volume: it.form.volume,
        delivered_volume: told.volume,
        done_percent: it.form.volume.map(|volume| done_percent(volume, told.volume)),
        last_delivered_on: told.last_on,
        due_on: it.form.due_on,
        mark: it.form.mark,
    }
}

/// The deliveries in a case, the earliest first.
async fn given_in(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<LineDelivery>, Failure> {
    type Given = (Json<Vec<NeedId>>, ServiceStandardId, NaiveDate, Option<i32>);
    let theirs = deliveries::table
        .filter(deliveries::case_id.eq(bind(case)))
        .filter(deliveries::annulment_reason.is_null())
        .order((deliveries::delivered_on, deliveries::id))
        .select((
            deliveries::need_ids,
            deliveries::standard_id,
            deliveries::delivered_on,
            deliveries::volume,
        ));
    let theirs: Vec<Given> = db!(tx, load, theirs)?;
    let codes = codes(tx, theirs.iter().map(|it| it.1)).await?;
    let delivery = |(needs, standard, on, volume): Given| {
        let standard = codes.get(&standard)?.clone();
        Some(LineDelivery { needs: needs.0, standard, on, volume })
    };
    Ok(theirs.into_iter().filter_map(delivery).collect())
}

/// The codes of these editions.
async fn codes(
    tx: &mut Tx<'_>,
    ids: impl Iterator<Item = ServiceStandardId>,
) -> Result<HashMap<ServiceStandardId, Code>, Failure> {
    let ids: Vec<ServiceStandardId> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let some = standards::table.filter(standards::id.eq_any(binds(&ids)));
    let found: Vec<(ServiceStandardId, Code)> = db!(tx, load, some.select((standards::id, standards::code)))?;
    Ok(found.into_iter().collect())
}
