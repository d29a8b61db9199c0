//! The campaigns of one device, of which one is open.
//!
//! Each has a database and keys of its own, so that nothing tells two campaigns that the same
//! person is in both. What is asked goes to the one that is open; the others stay closed, and
//! say what they still have to send.

mod memory;
mod place;
mod rows;
#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::{
    api::{Api, Reply, Request, look::Look, reply::CampaignRow},
    clock::Clock,
    device::{Device, read_link},
    error::{Error, Thing},
    store::open::DatabaseKey,
};
use memory::Memory;

/// Where files stand that a person asked for.
const EXPORTS: &str = "exports";

/// The campaigns of a device.
#[derive(Clone, Debug)]
pub struct Shelf(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    home: PathBuf,
    key: Option<DatabaseKey>,
    clock: Clock,
    memory: Mutex<Memory>,
    open: Mutex<Opened>,
    /// The others, once they were looked at: they change only when another one is opened.
    others: Mutex<Option<Vec<CampaignRow>>>,
    /// One campaign is opened or left at a time.
    turn: tokio::sync::Mutex<()>,
    /// Counts what may have changed on a screen.
    shown: watch::Sender<u64>,
    /// Counts the campaigns that were opened.
    turned: watch::Sender<u64>,
}

/// The campaign that is open.
#[derive(Clone, Debug)]
struct Opened {
    number: u32,
    api: Api,
}

impl Shelf {
    /// Opens the device of a folder on the campaign that was open last, or makes one there.
    /// What was being left is removed first.
    ///
    /// # Errors
    /// The folder or a database cannot be used; see [`Error`].
    pub fn open(home: &Path, key: Option<&DatabaseKey>, clock: Clock) -> Result<Self, Error> {
        std::fs::create_dir_all(home).map_err(|reason| Error::Folder(reason.kind()))?;
        let mut memory = Memory::open(home, key)?;
        for number in memory.leaving()? {
            finish_leaving(home, &mut memory, number)?;
        }
        let there = place::numbers(home);
        let opened = memory.opened()?.filter(|number| there.contains(number));
        let number = opened
            .or_else(|| there.first().copied())
            .unwrap_or(place::FIRST);
        let shown = watch::Sender::new(0);
        let device = Device::open(&place::folder(home, number), key, clock.clone())?;
        let api = Api::new(device)?.showing_on(&shown);
        Ok(Self(Arc::new(Inner {
            home: home.to_owned(),
            key: key.cloned(),
            clock,
            memory: Mutex::new(memory),
            open: Mutex::new(Opened { number, api }),
            others: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            shown,
            turned: watch::Sender::new(0),
        })))
    }

    /// The campaign that is open. It answers no more once another one was opened.
    #[must_use]
    pub fn api(&self) -> Api {
        self.opened().api
    }

    /// Wakes whenever something may have changed on a screen.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.shown.subscribe()
    }

    /// How the interface looks.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn look(&self) -> Result<Look, Error> {
        self.memory().look()
    }

    /// Syncs the campaign that is open, for as long as it is let run.
    pub async fn keep_synced(&self) {
        let mut turned = self.0.turned.subscribe();
        loop {
            turned.borrow_and_update();
            let api = self.api();
            tokio::select! {
                () = api.keep_synced() => return,
                turned = turned.changed() => if turned.is_err() { return },
            }
        }
    }

    /// Answers one question, as the campaign that is open or as the device that holds them all.
    ///
    /// # Errors
    /// See [`Error`]; nothing is half-done.
    pub async fn ask(&self, request: Request) -> Result<Reply, Error> {
        match request {
            // Another program may have opened one meanwhile.
            Request::Campaigns => *held(&self.0.others) = None,
            Request::NextCampaign => self.make_room().await?,
            Request::OpenCampaign { campaign } => self.turn_to(campaign).await?,
            Request::OpenDemo(words) => {
                self.make_room().await?;
                self.api()
                    .with(move |device| device.enter_demo(&words))
                    .await?;
            }
            Request::LeaveCampaign {
                campaign,
                unsent,
                root,
            } => self.leave(campaign, unsent.unwrap_or(0), root).await?,
            Request::SetLook { look } => {
                self.here(move |shelf| shelf.memory().set_look(look))
                    .await?;
                return Ok(Reply::Kept);
            }
            Request::SaveExport { what, format } => {
                let (file, text) = self
                    .api()
                    .with(move |device| device.export(what, format))
                    .await?;
                return self.here(move |shelf| shelf.save(&file, &text)).await;
            }
            Request::SetLanguage { language } => {
                self.here(move |shelf| shelf.memory().set_language(language))
                    .await?;
                return Ok(Reply::Kept);
            }
            Request::Status => return self.status().await,
            request => {
                if let Request::Join { link, .. } | Request::ReadInvitation { link } = &request {
                    self.refuse_known(link.clone()).await?;
                }
                return self.api().ask(request).await;
            }
        }
        Ok(Reply::Campaigns {
            campaigns: self.here(Self::rows).await?,
        })
    }

    /// The open campaign's own answer, and what holds for all of them.
    async fn status(&self) -> Result<Reply, Error> {
        let reply = self.api().ask(Request::Status).await?;
        let Reply::Status(mut status) = reply else {
            return Ok(reply);
        };
        self.here(move |shelf| {
            let rows = shelf.rows_with(shelf.opened().number, status.clone())?;
            let (open, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.open);
            status.colour = open.first().and_then(|row| row.colour);
            status.others = u32::try_from(others.len()).unwrap_or(u32::MAX);
            status.others_queued = others.iter().map(|row| row.queued).sum();
            let memory = shelf.memory();
            status.look = memory.look()?;
            // Before there was a shelf, a campaign remembered it.
            status.language = memory.language()?.or(status.language);
            Ok(Reply::Status(status))
        })
        .await
    }

    /// Refuses the link of a campaign that this device is in already, under other keys.
    async fn refuse_known(&self, link: String) -> Result<(), Error> {
        let campaign = read_link(&link)?.campaign.to_string();
        let others = self.here(|shelf| shelf.others()).await?;
        if others
            .iter()
            .any(|row| row.campaign_id.as_ref() == Some(&campaign))
        {
            return Err(Error::AlreadyInCampaign);
        }
        Ok(())
    }

    /// Opens a device that is in no campaign yet.
    async fn make_room(&self) -> Result<(), Error> {
        let _turn = self.0.turn.lock().await;
        if self.api().with(|device| device.is_unused()).await? {
            return Ok(());
        }
        let number = self
            .here(|shelf| {
                let taken = place::numbers(&shelf.0.home);
                let leaving = shelf.memory().leaving()?;
                (place::FIRST..u32::MAX)
                    .find(|number| !taken.contains(number) && !leaving.contains(number))
                    .ok_or(Error::Unknown(Thing::Campaign))
            })
            .await?;
        self.change_to(number).await
    }

    /// Opens another campaign of this device.
    async fn turn_to(&self, campaign: String) -> Result<(), Error> {
        let _turn = self.0.turn.lock().await;
        let number = self.here(move |shelf| shelf.find(&campaign)).await?;
        if number == self.opened().number {
            return Ok(());
        }
        self.change_to(number).await
    }

    /// Opens another device in the place of the one that is open, which is removed where
    /// nothing was begun with it.
    async fn change_to(&self, number: u32) -> Result<(), Error> {
        let before = self.opened();
        let unused = before.api.with(|device| device.is_unused()).await?;
        let forget = unused.then_some(before.number);
        self.here(move |shelf| {
            let next = shelf.bring(number)?;
            shelf.memory().turn_to(Some(number), forget)?;
            shelf.show(next);
            Ok(())
        })
        .await?;
        // What was being asked of it ends first.
        drop(before.api.close(|_| Ok(())).await?);
        if let Some(number) = forget {
            self.here(move |shelf| shelf.finish(number)).await?;
        }
        Ok(())
    }

    /// Leaves a campaign, and removes every file of it.
    async fn leave(&self, campaign: String, unsent: u32, root: bool) -> Result<(), Error> {
        let _turn = self.0.turn.lock().await;
        let number = self.here(move |shelf| shelf.find(&campaign)).await?;
        let open = self.opened();
        let is_open = open.number == number;
        let may = move |device: &mut Device| device.may_be_left(unsent, root);
        let device = if is_open {
            open.api.close(may).await?
        } else {
            self.here(move |shelf| {
                let mut device = shelf.device(number)?;
                may(&mut device)?;
                Ok(device)
            })
            .await?
        };
        self.here(move |shelf| {
            let stays = (!is_open).then_some(open.number);
            let marked = shelf.memory().turn_to(stays, Some(number));
            drop(device);
            if let Err(reason) = marked {
                // It was not left: it opens again.
                if is_open {
                    shelf.show(shelf.bring(number)?);
                }
                return Err(reason);
            }
            let wiped = shelf.finish(number);
            if is_open {
                shelf.bring_any()?;
            }
            wiped
        })
        .await
    }

    /// Puts a file where a person finds it: it is theirs, and stays when a campaign is left.
    fn save(&self, file: &str, text: &str) -> Result<Reply, Error> {
        let folder = self.0.home.join(EXPORTS);
        let path = folder.join(file);
        let part = folder.join(format!("{file}.part"));
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(&part, text))
            .and_then(|()| std::fs::rename(&part, &path))
            .map_err(|reason| Error::NotSaved(reason.kind()))?;
        Ok(Reply::Saved {
            path: path.display().to_string(),
        })
    }

    /// Opens whichever campaign is there, or makes a device that is in none.
    fn bring_any(&self) -> Result<(), Error> {
        let leaving = self.memory().leaving()?;
        let there = place::numbers(&self.0.home);
        let found = there
            .into_iter()
            .filter(|number| !leaving.contains(number))
            .find_map(|number| self.bring(number).ok());
        let next = match found {
            Some(next) => next,
            None => {
                let free = (place::FIRST..u32::MAX).find(|number| !leaving.contains(number));
                self.bring(free.unwrap_or(place::FIRST))?
            }
        };
        self.memory().turn_to(Some(next.number), None)?;
        self.show(next);
        Ok(())
    }

    fn device(&self, number: u32) -> Result<Device, Error> {
        let inner = &self.0;
        let folder = place::folder(&inner.home, number);
        Device::open(&folder, inner.key.as_ref(), inner.clock.clone())
    }

    fn bring(&self, number: u32) -> Result<Opened, Error> {
        let api = Api::new(self.device(number)?)?.showing_on(&self.0.shown);
        Ok(Opened { number, api })
    }

    /// Answers from another campaign from now on.
    fn show(&self, next: Opened) {
        *held(&self.0.open) = next;
        *held(&self.0.others) = None;
        self.0.turned.send_modify(|count| *count += 1);
        self.0.shown.send_modify(|count| *count += 1);
    }

    fn finish(&self, number: u32) -> Result<(), Error> {
        let done = finish_leaving(&self.0.home, &mut self.memory(), number);
        *held(&self.0.others) = None;
        self.0.shown.send_modify(|count| *count += 1);
        done
    }

    fn opened(&self) -> Opened {
        held(&self.0.open).clone()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        held(&self.0.memory)
    }

    /// Works on a thread where it may wait for the disk.
    async fn here<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let shelf = self.clone();
        tokio::task::spawn_blocking(move || work(&shelf))
            .await
            .unwrap_or(Err(Error::Document))
    }
}

fn finish_leaving(home: &Path, memory: &mut Memory, number: u32) -> Result<(), Error> {
    place::wipe(home, number).map_err(|reason| Error::NotWiped(reason.kind()))?;
    memory.left(number)
}

/// What was held when a thread fell is whole: nothing falls while it writes there.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
