//! Publications, media and information materials (000 L19; 001 L38; 003 L37; 004 L17). One catalogue of kinds tells them apart.
use crate::base::id::{EventId, FileId, OrganizationId, PracticeId, ProjectId, PublicationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Link, Note, Title};
use crate::base::word::words;
use crate::partnership::words::Audience;
use chrono::{Datelike, NaiveDate};
use shape::entry;
use validator::Validate;

rules! {
    OTHER_YEAR = "publication.other_year", Content, ours, "День выхода не в том году.", "The day of publication lies in another year.";
}

words! {
    /// The kind of a publication or a material.
    PublicationKind in "publication-kinds" {
        Collection = "collection", "сборник", "collection";
        Monograph = "monograph", "монография", "monograph";
        Article = "article", "статья", "article";
        Guidelines = "guidelines", "методические рекомендации", "guidelines";
        Site = "site", "сайт", "site";
        Press = "press", "публикация в СМИ", "press";
        TvRadio = "tv_radio", "ТВ, радио", "TV, radio";
        Internet = "internet", "интернет", "internet";
        Leaflet = "leaflet", "листовка", "leaflet";
        BusinessCard = "business_card", "визитка", "business card";
        Booklet = "booklet", "буклет", "booklet";
        Brochure = "brochure", "брошюра", "brochure";
        SocialAd = "social_ad", "социальная реклама", "social advertising";
        Information = "information", "информационный материал", "information material";
    }

    /// The topic of a publication.
    PublicationTopic in "publication-topics" {
        Stereotypes = "stereotypes", "преодоление стереотипов", "overcoming stereotypes";
        Services = "services", "о службах", "services";
        Recruitment = "recruitment", "привлечение наставников", "recruitment";
        Practice = "practice", "практики", "practices";
        Other = "other", "иное", "other";
    }
}

/// A publication as it is entered and edited, whole.
#[entry(Publication: PublicationId, at "publications", named "publication" "publications", tag "partnership", read ReadPartnership, edit EditPartnership, called title, by title, until valid_until, annul, judged)]
#[schema(example = json!({"title": "Наставничество: шаг к самостоятельной жизни", "kind": "booklet", "organization_id": "01980000-0000-7000-8000-000000000001", "year": 2018, "published_on": "2018-04-12", "circulation": 500, "topic": "recruitment", "audience": "residents", "authors": "Кабинет наставника"}))]
pub struct PublicationForm {
    /// The title.
    pub title: Title,
    /// The kind.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: PublicationKind,
    /// The organization that keeps it on record.
    #[owner]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// The year.
    #[within(1900..=2200)]
    pub year: i32,
    /// The day, if it is known.
    pub published_on: Option<NaiveDate>,
    /// The authors, or the paper or station.
    pub authors: Option<Title>,
    /// The number of copies. Absent where it is not known.
    #[within(1..=100_000_000)]
    pub circulation: Option<i32>,
    /// The topic.
    #[filter = "Only on these topics."]
    pub topic: Option<PublicationTopic>,
    /// The people for whom it is made.
    pub audience: Option<Audience>,
    /// The text, or its summary.
    pub text: Option<Note>,
    /// The address in the network.
    pub link: Option<Link>,
    /// The practice that it is about.
    pub practice_id: Option<PracticeId>,
    /// The project that it is about.
    pub project_id: Option<ProjectId>,
    /// The event that it is about.
    pub event_id: Option<EventId>,
    /// The file.
    pub file_id: Option<FileId>,
    /// The last day on which it is right, if it has one.
    pub valid_until: Option<NaiveDate>,
}

impl PublicationForm {
    fn judge(&self, _: PublicationId, _: Option<&Self>) -> Vec<Reason> {
        let elsewhere = self.published_on.is_some_and(|it| it.year() != self.year);
        let reason = || OTHER_YEAR.reason().at("/published_on").with("year", self.year);
        elsewhere.then(reason).into_iter().collect()
    }
}
