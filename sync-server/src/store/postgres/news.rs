//! What others are told after a commit: where logs have come to, and where rights ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use palier_core::id::{CampaignId, SpaceId};

use crate::{
    accept::{Changes, SpaceKey},
    wakeups::Wakeups,
};

/// The most bytes of one notification: PostgreSQL takes less than 8,000.
const MOST_BYTES: usize = 7_800;

/// What there is to tell.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct News {
    heads: BTreeMap<SpaceKey, u64>,
    revoked: BTreeSet<CampaignId>,
}

impl News {
    /// What these changes tell.
    pub(super) fn of(changes: &Changes<'_>) -> Self {
        let revoked = changes.revocations.keys();
        Self {
            heads: changes.heads.clone(),
            revoked: revoked.map(|(campaign, _device)| *campaign).collect(),
        }
    }

    /// Where a log has come to.
    pub(super) fn add_head(&mut self, space: SpaceKey, head: u64) {
        let known = self.heads.entry(space).or_default();
        *known = head.max(*known);
    }

    /// Rights may have ended.
    pub(super) fn add_revoked(&mut self, campaign: CampaignId) {
        self.revoked.insert(campaign);
    }

    /// Adds other news to these: only the newest of each space is told.
    pub(super) fn add(&mut self, other: Self) {
        for (space, head) in other.heads {
            self.add_head(space, head);
        }
        self.revoked.extend(other.revoked);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.heads.is_empty() && self.revoked.is_empty()
    }

    /// Wakes those of this process who wait for it.
    pub(super) fn tell(&self, wakeups: &Wakeups) {
        for ((campaign, space), head) in &self.heads {
            wakeups.grown(*campaign, *space, *head);
        }
        for campaign in &self.revoked {
            wakeups.revoked(*campaign);
        }
    }

    /// As notifications: a line for each space and each campaign.
    pub(super) fn written(&self) -> Vec<String> {
        let heads = self
            .heads
            .iter()
            .map(|((campaign, space), head)| format!("{campaign} {space} {head}"));
        let revoked = self.revoked.iter().map(|campaign| format!("{campaign}"));
        let mut messages = vec![String::new()];
        for line in heads.chain(revoked) {
            if messages
                .last()
                .is_some_and(|last| last.len() + line.len() > MOST_BYTES)
            {
                messages.push(String::new());
            }
            if let Some(last) = messages.last_mut() {
                // Writing to a text does not fail.
                let _written = writeln!(last, "{line}").is_ok();
            }
        }
        messages
    }

    /// From a notification; what does not read is passed over.
    pub(super) fn read(text: &str) -> Self {
        let mut news = Self::default();
        for line in text.lines() {
            let mut words = line.split(' ');
            let Some(Ok(campaign)) = words.next().map(str::parse::<CampaignId>) else {
                continue;
            };
            match (words.next(), words.next()) {
                (None, _) => news.add_revoked(campaign),
                (Some(space), Some(head)) => {
                    if let (Ok(space), Ok(head)) = (space.parse::<SpaceId>(), head.parse()) {
                        news.add_head((campaign, space), head);
                    }
                }
                (Some(_), None) => {}
            }
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_read_as_they_were_written_however_many() {
        let mut news = News::default();
        for number in 0..500_u64 {
            let mut campaign = [0; 32];
            campaign[..8].copy_from_slice(&number.to_be_bytes());
            let campaign = CampaignId(campaign);
            news.add_head((campaign, SpaceId([7; 16])), number + 1);
            news.add_revoked(campaign);
        }
        let written = news.written();
        assert!(written.iter().all(|message| message.len() < 8_000));
        let mut read = News::default();
        for message in &written {
            read.add(News::read(message));
        }
        assert_eq!(read, news);
        assert_eq!(News::read("cats\n\n 1 2 3\n00 11"), News::default());
    }

    #[test]
    fn of_a_space_only_the_newest_is_told() {
        let space = (CampaignId([1; 32]), SpaceId([2; 16]));
        let mut news = News::default();
        news.add_head(space, 5);
        let mut older = News::default();
        older.add_head(space, 3);
        news.add(older);
        assert_eq!(news.written().concat().lines().count(), 1);
        assert_eq!(news.heads[&space], 5);
    }
}
