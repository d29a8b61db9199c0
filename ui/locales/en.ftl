# The words of the interface. Every key stands in both languages; a test sees to it.

palier = Palier
palier-is = A team’s door-to-door work, even with no network.
page-title = { $title } – Palier

## Everywhere

back = Back
dismiss = Close this message
ask-again = Try again
copy = Copy the link
copied = Copied
copy-code = Copy the code
qr = The same text as a QR code
thanks = Thanks, close
undo = Undo
language = Language
language-fr = Français
language-en = English
number = { NUMBER($value) }
percent = { $percent }%
clock = { $hour }:{ $minute }
yesterday = yesterday { $clock }
weekday = { $day } { $clock }
progress = { NUMBER($done) } of { NUMBER($all) } { $all ->
    [one] door
   *[other] doors
} done
done-of = { NUMBER($done) }/{ NUMBER($all) }
team = Team
role = { $role ->
   *[volunteer] Volunteer
    [lead] Lead
    [trainer] Trainer
    [observer] Observer
    [organiser] Organiser
}

screens = Screens
tab-today = Today
tab-totals = Totals
tab-turnout = Turnout
tab-invite = Invite
tab-organise = Organise
tab-me = Me

## Outcomes of a visit

todo = To do
outcome-absent = Absent
outcome-come_back = Come back
outcome-spoke = Spoke
outcome-refused = Refused
outcome-inaccessible = Inaccessible
outcome-vacant = Vacant
outcome-do_not_contact = Do not contact
outcome-other = Other…
outcome-bar = Outcome of the visit
leaflet-left = Leaflet left
script-open = Script
script-today = What to say at the door
script-title = What to say
script-version = { $title } · version { $number }
script-cards = Ready answers
script-answers = What the person answers
script-end = The conversation ends here. Note the visit, nothing about the person.
script-back = Sentence before
script-begin = From the start
script-none = No script is published yet. Once it is, it can be read without a network too.
script-to-door = Back to the door
script-leave = Back
cards-find = What you heard
cards-heard = “{ $heard }”
cards-found = { $count ->
    [0] No ready answer. Try another word, or its beginning.
    [one] 1 ready answer
   *[other] { NUMBER($count) } ready answers
}
answers-title = Answers
answers-support = Support (1 no, 5 yes)
answers-level = Support { $level } out of 5
answers-registration = Registration trouble
answers-proxy = Wants a proxy
answers-skip = Skip
answers-done = Done
answers-undo = Clear
answers-note = Counted for the polling station, never with the door or the time. Leaves by ten opened doors.
last-recorded = { $door }: { $outcome }
last-undone = Visit undone: { $door }
no-door-chosen = Choose a door
by-me = me
visit-by = { $when } · { $who }
lift = Remove…
lift-sure = Somebody asked not to be contacted again. Remove it only if it was entered by mistake: the door is as it was before, for the whole team.
lift-confirm = It was a mistake, remove it
lift-keep = Keep it
lift-theirs = Only the person who noted it can remove it.

## What became of a record

sending-saved = Saved
sending-queued = To send
sending-sent = Sent
sending-refused = Not accepted

## Joining

join-title = Join a campaign
join-link = Invitation link
join-link-hint = Paste the link that your team gave you.
join-read = Read the invitation
join-team = Team: { $team }
join-role = You will be: { $role ->
   *[volunteer] volunteer
    [lead] lead
    [trainer] trainer
    [observer] observer
    [organiser] organiser
}.
join-until = Works until: { $when }
join-approved = A lead will have to accept your request.
join-name = Your pseudonym
join-name-hint = A nickname that your team will know. Never your real name: it is asked for nowhere.
join-submit = Join the team
join-kept = No account, no e-mail, no password. Doors stay with the team; the campaign only gets totals.
i-organise = I organise a campaign
i-have-a-link = I have an invitation link
i-have-no-network = No network, but a lead is beside me
waiting-unsent = Your request leaves as soon as the relay answers
waiting-waiting = Your request waits for a lead
waiting-declined = Your request was not accepted
waiting-not_let_in = You are accepted, but not in yet
waiting-name = Under the pseudonym: { $name }
waiting-digits = Tell your lead these digits, who must see the same:
waiting-kept = The request stays on this device, even switched off. Palier asks for news from time to time.
waiting-ask = Ask for news
waiting-stop = Take my request back
waiting-again = Begin again with a link
scan-start = Scan with the camera
scan-stop = Stop the camera
scan-picture = What the camera sees
scan-looking = Hold the code inside the picture. Nothing that the camera sees is kept or sent.
scan-denied = Palier may not use the camera. Paste or type what is shown instead.
scan-absent = There is no camera here. Paste or type what is shown instead.
scan-failed = The camera does not answer, or another program uses it. Paste or type what is shown instead.
code-wrong = “{ $letter }” is in no code: look at group { $group } again.
code-whole = The code is whole.
code-part = { $count ->
    [one] 1 letter, the code is not whole yet.
   *[other] { NUMBER($count) } letters, the code is not whole yet.
}
demo-try = Try it first, on invented doors
demo-title = Demonstration
demo-team = Trial team
demo-turf = Trial sector
demo-name = Nightingale
demo-note = All works as it does for real, on invented doors. Nothing leaves this device, and nothing remains once you end it.
demo-end = End the demonstration
demo-kept = Nothing leaves here
code-title = Enter without a network
code-note = This device shows a code, your lead’s device answers with another. Nothing goes over the Internet.
code-link = Invitation link, if you have one
code-link-hint = It makes an answer of another campaign be refused.
code-submit = Show my code
code-show = My code, to show or to read out
code-answer = Answer code
code-answer-hint = Paste it here, type it, or scan it. Spaces, dashes and small letters do not matter.
code-enter = Enter the team
create-title = Create a campaign
create-name = Name of the campaign
create-name-hint = It stays on everybody’s screen.
create-relay = Address of the relay
create-relay-hint = The small server that links your teams, for instance https://relay.example.org. It cannot read the doors.
create-colour = Colour of the campaign
create-colour-hint = It stays on screen beside the name.
colour-any = Let the device choose
colour-1 = Teal
colour-2 = Blue
colour-3 = Violet
colour-4 = Plum
colour-5 = Ochre
colour-6 = Slate
create-submit = Create the campaign

## Today

today-title = Hello, { $name }
my-turfs = { $count ->
    [0] Turfs
    [one] My turf
   *[other] My turfs
}
no-turf = No turf yet. Your lead will give you one; it will show here at the next sync.
no-turf-organiser = No turf yet. Under Organise, import the polling stations and addresses, then give a turf to a team.
turf-progress = { NUMBER($visited) } of { NUMBER($all) } { $all ->
    [one] door
   *[other] doors
}
turf-opened = { $count ->
    [0] none opened
   *[other] { NUMBER($count) } opened
}
shift-open = Outing under way
shift-since = Outing under way since { $when }
shift-start = Start the outing
shift-end = End the outing
shift-summary = Thank you! { $doors ->
    [0] No door
    [one] 1 door
   *[other] { NUMBER($doors) } doors
}, { $opened ->
    [0] none opened
    [one] 1 opened
   *[other] { NUMBER($opened) } opened
}, { $spoke ->
    [0] no conversation
    [one] 1 conversation
   *[other] { NUMBER($spoke) } conversations
}, { $leaflets ->
    [0] no leaflet
    [one] 1 leaflet
   *[other] { NUMBER($leaflets) } leaflets
} in { NUMBER($minutes) } min.

today-queued = { $count ->
    [one] 1 visit waits for the network. It is kept here and leaves by itself.
   *[other] { NUMBER($count) } visits wait for the network. They are kept here and leave by themselves.
}

## List and map

doors = Doors
list = List
map = Map
side-odd = odd side
side-even = even side
building-doors = { NUMBER($done) }/{ NUMBER($all) } doors
to-see-again = { NUMBER($count) } to see again
search = Search
search-label = Number or street
filter-label = Show
filter-all = All
found = { $count ->
    [0] No door
    [one] 1 door
   *[other] { NUMBER($count) } doors
}
list-empty = This turf has no door yet.
list-nothing-found = No door matches. Change the search or the filter.
stair-short = st. { $stair }
floor-below = basement { $floor }
floor-short = { $floor ->
    [0] gr. fl.
   *[other] fl. { $floor }
}
door-inside = { $address }, { $inside }
map-empty = This turf has nothing to show on a map yet.
legend = Legend
building-begun = Building begun
building-done = Building done
zoom-in = Zoom in
zoom-out = Zoom out
position-ask = Where am I?
position-asking = Your position is asked for once; it is neither kept nor sent.
position-refused = The device refuses to say where you are. The map works without it.
position-absent = Your position is not known here. The map works without it.

## Leaflet rounds

rounds-title = Leaflet rounds
rounds-none = No round yet. A lead makes one from a turf.
rounds-none-lead = No round yet. Make one below, from a turf.
round-new = New round
round-how = The sides of the turf’s streets, in an order that walks little. The whole team sees it.
round-name = Name of the round
round-turf = Turf
round-submit = Make the round
round-needs = A turf is needed first.
round-made = Round made: { $name }, { $faces ->
    [one] 1 side of a street
   *[other] { NUMBER($faces) } sides of streets
}, { $boxes ->
    [one] 1 letter box
   *[other] { NUMBER($boxes) } letter boxes
}
round-progress = { NUMBER($done) }/{ NUMBER($all) } letter boxes
round-missed = { NUMBER($missed) } out of reach
round-left = { $left ->
    [0] The round is done. Thank you!
    [one] 1 letter box left, on 1 side of a street
   *[other] { NUMBER($left) } letter boxes left, on { $faces ->
        [one] 1 side of a street
       *[other] { NUMBER($faces) } sides of streets
    }
}
face-numbers = no. { $first } to { $last }
face-over = Finished
face-all = All this side ({ NUMBER($count) })
boxes-left = { NUMBER($count) } left
boxes-count = { $count ->
    [one] 1 letter box
   *[other] { NUMBER($count) } letter boxes
}
boxes-progress = { NUMBER($done) } of { NUMBER($all) } letter boxes
boxes-bar = Letter boxes
boxes-todo = Still to do
boxes-done = Delivered
boxes-unreached = No way in
boxes-said = { $state }: { $where }, { $boxes ->
    [one] 1 letter box
   *[other] { NUMBER($boxes) } letter boxes
}
boxes-undone = Taken back: { $where }

## Base maps

maps-title = Base maps
maps-intro = A base map shows streets, water and buildings under the doors, with no network. It stays on this device.
maps-none = No base map here. The map shows the streets that the addresses tell.
maps-add = Add a base map
maps-kind = A PMTiles file in the OpenMapTiles schema, made by your campaign or taken from a provider of OpenStreetMap data.
maps-choose = Choose a file
maps-adding = Copying, { $percent } %
maps-stop = Stop
maps-added = Added: { $name }
maps-size = { NUMBER($size, maximumFractionDigits: 1) } MB
maps-harmed = This file is damaged: it is set aside, and the map shows the streets that the addresses tell. Remove it and add it again.
maps-harmed-shared = This file is damaged: it is set aside, and the map shows the streets that the addresses tell. Fetch it again.
map-damaged = The base map “{ $name }” is damaged and set aside: the streets are those of the addresses. See “Base maps”.
maps-shared = Offered by the campaign
maps-fetch = Fetch
maps-go-on = Go on
maps-fetching = Fetching, { $percent } %
maps-begun = { $percent } % here already, the rest will follow
maps-offer = Offer to the campaign
maps-offering = Being sent to the relay…
maps-withdraw = Offer no longer
maps-remove = Remove

## Coming back

back-when = When to come back?
back-said = We come back { $when }.
back-asked = asked { $when }
back-today = today
back-tonight = tonight
back-tomorrow = tomorrow
back-hours = { $day }, { $from }–{ $to } h
revisits = To see again
revisits-today = To see again today
revisits-none = No door asked for another visit.
revisits-all = { $count ->
    [0] Coming back: the good hours
    [one] 1 door to see again and the good hours
   *[other] { NUMBER($count) } doors to see again and the good hours
}
due-now = Now
due-today = Later today
due-late = Overdue
due-unsaid = No moment agreed
due-later = Other days
best-hours = When doors open most
hours-none = It takes at least 30 visits at the same hour to say anything. Yours add up with each outing.
hours-chance = These intervals overlap: chance alone may explain the difference.
housing-one = Addresses with one door
housing-few = Buildings of 2 to 9 doors
housing-many = Buildings of 10 doors or more
hour-to = { $from }–{ $to } h
hour-rate = { $seen }% opened (between { $low } and { $high }%)
hour-cases = out of { NUMBER($count) } visits

## Building

building = Building
building-undescribed = Only one door is noted here. Describe the building to have all its doors, floor by floor.
building-one-stair = The building
building-finished = Building finished
next-building = Next: { $address }
turf-finished = Every door of the turf is done.
next-door = Next
stairs = Stairs
door-last = { $state }, { $when }
state-todo = To do
state-absent = Absent
state-come_back = Back
state-spoke = Spoke
state-refused = No
state-inaccessible = Shut
state-vacant = Empty
state-do_not_contact = Avoid
gesture-added = Added: { $doors }
gesture-removed = Removed: { $doors }
gesture-renamed = Renamed: { $doors }
own-name = original name
gesture-undone = Undone: { $doors }
history = Latest visits
history-none = No visit here yet.
left-title = Visited, but no longer in the building
left-address = At the address, before it was described
put-back = Put back
pick = Select
picked = { $count ->
    [one] 1 door selected
   *[other] { NUMBER($count) } doors selected
}
pick-note = Tap doors or floors
pick-landing = Select all: { $floor }
pick-range = From… to…
pick-range-note = Tap the first door, then the last.
pick-todo = To do ({ NUMBER($count) })
pick-none = Clear
change = Change
rename = Rename
remove-door = Remove
add-door-at = Add a door: { $floor }
name-landing = Rename the landing: { $floor }
name-door = Rename the door: { $door }
name-label = Another short name
name-hint = A side, a number. Never people’s names.
usual-left = Left
usual-right = Right
usual-middle = Middle
usual-back = Back
usual-entresol = Half floor
usual-mezzanine = Mezzanine
usual-garden = Garden
usual-attic = Attic
describe-title = Describe the building
describe-note = In one go: doors are numbered on each landing, and you correct them afterwards.
describe-again = Doors that are there stay as they are, with their visits.
describe-stairs = Stairs
describe-lowest = First floor with doors
describe-highest = Last floor
describe-doors = Doors on a landing
describe-ground = Doors on the ground floor
describe-submit = Note { $count ->
    [one] 1 door
   *[other] { NUMBER($count) } doors
}
describe-more = Floors, stairs
none = None
access-none = How does one get in? Note it for the team
access-title = Getting into the building
access-how = How one gets in
access-open = Open door
access-code = Code
access-badge = Badge
access-caretaker = Caretaker
access-locked = Locked
access-code-hint = Digits, letters, # and *. It stays in the team.
access-keep = Erase this code in
access-until = until { $day }
access-ended = code erased on { $day }
access-warning = Nothing about people: no name, no habit, no opinion. Only how one gets in.
days = { NUMBER($count) } days
keep = Save
close = Close
less-of = Less: { $what }
more-of = More: { $what }

## Sync and me

sync-queued = { $count ->
    [0] All sent
   *[other] { NUMBER($count) } to send
}
sync-refused = { NUMBER($count) } not accepted
sync-online = Online
sync-offline = Offline
sync-never = Not linked yet
sync-title = Sync
sync-waiting = Saved, to send
sync-now = Sync now
syncing = Syncing…
sync-last = Last sync: { $when }.
sync-exchanged = Envelopes sent: { NUMBER($sent) }, received: { NUMBER($received) }
nothing-new = Nothing new
sync-never-yet = No sync yet.
sync-offline-safe = The relay does not answer: { $count ->
    [0] nothing waits to be sent.
   *[other] everything is kept on this device; what waits leaves later.
}
bundle-title = From device to device, with no network
bundle-note = A file carries what this device keeps to another one of the campaign. Outside the team, nobody can read doors in it.
bundle-carry = Take along in a file
bundle-take = Take in a file
bundle-made = The file is ready: { $file }, { $count ->
    [one] 1 envelope
   *[other] { NUMBER($count) } envelopes
}. Look for it among the downloads; everything stays on this device too.
bundle-taken = { $received ->
    [one] 1 envelope taken in
   *[other] { NUMBER($received) } envelopes taken in
}
bundle-came = { $came }{ $known ->
    [0] .
   *[other] , { NUMBER($known) } already here.
}
bundle-early = { $count ->
    [one] 1 envelope is not taken in: what comes before it is missing
   *[other] { NUMBER($count) } envelopes are not taken in: what comes before them is missing
}. Keep this file, sync, then take it in again.
bundle-aside = { $count ->
    [one] 1 envelope was left aside
   *[other] { NUMBER($count) } envelopes were left aside
}: of another team, or unreadable here. It harms nothing else.
bundle-cut = The file was cut or changed. What was good in it is kept; make it again on the other device.
look-title = Display
theme = Theme
theme-system = Like the device
theme-light = Light
theme-dark = Dark
text-size = Size of the text
text-normal = Normal
text-large = Large
text-larger = Very large
side = Hand that holds the device
side-right = Right
side-left = Left
side-note = On the left, the bars at the bottom run the other way, so that the thumb reaches them.
data-title = My data
data-note = A copy of all that this device keeps about you and of what you noted: visits, outings, turnout, role and rights. It holds addresses: keep it to yourself.
data-csv = Table (CSV)
data-json = Whole file (JSON)
data-made = File ready: { $file }
data-kept = File kept here: { $path }
me-title = Me
me-who = Who I am
me-name = Pseudonym
me-no-name = No pseudonym
me-role = Role
me-relay = Relay: { $relay }

## My campaigns

campaigns-title = My campaigns
campaigns-note = Each has keys of its own: nothing tells one that you are in the other. Only the open campaign syncs.
campaign-begun = Joining begun
campaign-open = Open
campaign-queued-closed = Sent once you open it.
campaign-turn = Open it
campaign-leave = Leave…
campaign-next = Join another campaign
campaign-invited = You opened an invitation link. The present campaign stays on this device, and you come back to it whenever you like.
campaign-back = Back to { $name }
others = { $count ->
    [one] 1 other campaign on this device
   *[other] { NUMBER($count) } other campaigns on this device
} · { $queued ->
    [0] nothing to send
   *[other] { NUMBER($queued) } to send, once you open it
}
me-campaigns = Change campaigns, or leave one
leave-title = Leave { $name }?
leave-what = This device erases all that it keeps of this campaign: doors, visits, team, keys and maps. There is no way back.
leave-stays = What was sent stays with your team. To come back you will need a new invitation.
leave-unsent = { $count ->
    [one] 1 record has not been sent yet
   *[other] { NUMBER($count) } records have not been sent yet
}
leave-first = Send what is left first, or keep it in a file that a device of the team can take in.
leave-open-sync = Open and sync
leave-carry = Keep a file
leave-lose = { $count ->
    [one] I accept that this record is lost.
   *[other] I accept that these { NUMBER($count) } records are lost.
}
leave-root = This device holds the campaign’s key
leave-lose-root = I accept that nobody can name organisers any more, nor extend their rights.
leave-submit = Leave and erase everything here
leave-submit-losing = { $count ->
    [one] Leave, and lose 1 record
   *[other] Leave, and lose { NUMBER($count) } records
}
leave-back = Do not leave
left = You left { $name }. Nothing of it remains on this device.

## Totals

totals-title = Totals
totals-by = Group by
by-station = Polling station
by-day = Day
by-team = Team
totals-from-relay = The whole campaign, from the relay · { $when }
totals-from-device = This device’s visits only · { $when }
totals-empty = No visit yet.
column-knocked = Visits
column-absent = Absent
column-come_back = Come back
column-spoke = Spoke
column-refused = Refused
column-inaccessible = Inaccessible
column-vacant = Vacant
column-do_not_contact = Do not contact
column-leaflets = Leaflets
column-doors = Doors
column-addresses = Addresses
column-registered = Registered
column-turnout = Turnout
totals-answers = Answers at the door
totals-answers-note = In batches of ten opened doors, tied to no door. What made no whole batch is not counted.
answers-out-of = { $answered ->
    [0] No answer
    [one] 1 answer
   *[other] { NUMBER($answered) } answers
} out of { NUMBER($doors) } opened doors
answers-favourable = Support 4 or 5: { $seen }% (between { $low } and { $high }%)
answers-too-few = Share not shown: fewer than 30 answers
answers-levels = Support from 1 to 5
answers-nowhere = No station
answers-registrations = { $count ->
    [0] No registration trouble
    [one] 1 registration trouble
   *[other] { NUMBER($count) } registration troubles
}
answers-proxies = { $count ->
    [0] No proxy wanted
    [one] 1 proxy wanted
   *[other] { NUMBER($count) } proxies wanted
}
turnout-votes = { NUMBER($votes) } at { $hour }
turnout-share = { NUMBER($percent, maximumFractionDigits: 1) }% at { $hour }

## Turnout

turnout-title = Turnout
turnout-note = Ballots cast since the opening
turnout-station = { $station } { $name }
turnout-hour = Hour of the count
turnout-count = Ballots cast
turnout-registered = { NUMBER($registered) } registered at this station.
turnout-submit = Save this count
turnout-made = Saved: { NUMBER($votes) } { $votes ->
    [one] ballot
   *[other] ballots
} at { $hour }, station { $station }.
turnout-odd-above = More than the registered voters. Is this number right?
turnout-odd-less = Less than at an earlier hour. Is this number right?
turnout-odd-more = More than at a later hour. Is this number right?
turnout-counted = Counts of station { $station }
turnout-voters = Ballots
turnout-percent = { NUMBER($percent, maximumFractionDigits: 1) }%
turnout-none = No count yet.
turnout-no-station = The polling stations have not reached this device yet. Sync, then come back here.

## Inviting

invite-title = Invite
invite-role = The person will be
invite-team = In the team
invite-no-team = Create a team first, under Organise.
invite-station = Code of the polling station
invite-uses = How many people
invite-uses-hint = The link works for seven days, for that many people.
invite-submit = Make the link
invite-ready = Link to hand over
invite-until = Until: { $when } · { $uses ->
    [one] one person
   *[other] { NUMBER($uses) } people
}

## The team

team-title = The team
team-none = You are in no team.
open-team = { $count ->
    [0] See the team
    [one] See the team · 1 request
   *[other] See the team · { NUMBER($count) } requests
}
requests-wait = { $count ->
    [one] 1 person asks to come in
   *[other] { NUMBER($count) } people ask to come in
}
requests-title = { $count ->
    [0] Requests
    [one] 1 request
   *[other] { NUMBER($count) } requests
}
requests-compare = Ask the person for the digits on their screen: they must be these.
requests-none = Nobody asks to come in for now.
requests-look = Look again
request-accept = Accept
request-decline = Decline
members-title = { $count ->
    [one] 1 member
   *[other] { NUMBER($count) } members
} of { NUMBER($limit) }
member-apart = beside the members
member-ended = their rights have ended
member-renew = Extend
member-renewed = The rights of { $name } last longer now. Their device takes them at its next sync.
rights-until = Rights until { $day }
rights-soon = · extended by themselves at a sync
member-remove = Remove
member-sure = Remove { $name } from the team?
member-sure-note = What is recorded stays. The team’s key changes: that device will read nothing of what follows, and its invitation links are closed. This cannot be undone.
member-confirm = Remove
member-keep = Keep
member-removed = { $name } is no longer in the team.
letin-title = Let somebody in without a network
letin-note = The person stands beside you and shows a code: yours answers it, without a relay.
letin-open = Read their code
letin-code = Code of the person
letin-code-hint = Paste it here, type it, or scan it.
letin-read = Read this code
letin-turf = Doors to hand over
letin-no-turf = No doors
letin-submit = Let { $name } in
letin-ready = Answer code, to show or to read out
ended-removed = You are no longer in this team
ended-removed-note = Your rights were taken back. What is on this device stays there, but nothing leaves it and nothing arrives any more. See your lead.
ended-expired = Your rights have ended
ended-expired-note = What you record is kept here, but does not leave any more. Ask your lead for a new invitation.

## Organising

organise-title = Organise
organise-invite = Invite somebody
organise-note = Import, make teams, give turfs
import-title = Import a file
import-subject = What it holds
subject-stations = Polling stations
subject-addresses = Addresses
subject-results = Past results
import-choose = Choose a file
import-reading = Reading the file…
import-tried = Trial: nothing is kept yet.
import-kept = It is kept.
import-read-as = Read as { $format }, { $encoding }.
import-rows = Rows
import-accepted = Accepted
import-rejected = Rejected
import-rejected-title = Rejected rows
import-line = Line { $line }: { $reason }
import-notes = Good to know
import-ballots = Ballots found
import-nowhere = Addresses in no perimeter
import-twice = Addresses in several perimeters
import-keep = { $count ->
    [0] Nothing to keep
    [one] Keep 1 row
   *[other] Keep { NUMBER($count) } rows
}
lines-title = { $title } ({ NUMBER($count) })
stations-count = { $count ->
    [0] Polling stations
    [one] 1 polling station
   *[other] { NUMBER($count) } polling stations
}
stations-empty = Import the perimeters of the polling stations first.
station-option = { $station } { $name } · { NUMBER($doors) } doors
team-new = New team
team-name = Name of the team
team-policy = Who gets in
policy-open = The link is enough
policy-approved = A lead accepts
team-submit = Create the team
team-made = Team created: { $name }
turf-new = New turf
turf-name = Name of the turf
turf-submit = Give the turf
turf-needs = It takes a team, and at least one polling station with its addresses.
turf-made = Turf created: { $name }, { $doors ->
    [one] 1 door
   *[other] { NUMBER($doors) } doors
}

## Errors: what happened, what is safe, what to do

error-not_in_campaign = This device is in no campaign. Join one by its link, or create it.
error-campaign_closed = This campaign is not open on this device any more. This was not recorded; open it again, then try again.
error-in_use = Another program has this campaign open. Nothing changed; close it, then try again.
error-not_wiped = The campaign is left, but some files could not be erased. Palier erases them at the next start.
error-unknown_campaign = This campaign is not on this device any more. Nothing changed.
error-not_allowed = Your role does not allow this. Nothing changed.
error-offline = The relay does not answer. Everything is kept on this device; what waits leaves later.
error-busy = The relay has much to do. Everything is kept on this device; what waits leaves in a while.
error-relay_nonsense = The relay’s answer makes no sense. Nothing is lost; try again later and tell the organisers.
error-disk_full = The device’s storage is full: this is not recorded, what was recorded still is. Make room, then do it again.
error-newer_database = This data comes from a newer version of Palier. Nothing changed; update Palier.
error-store = The data of this device cannot be read or written. This is not recorded; start Palier again.
error-document = A document cannot be read. It is set aside, the others are safe; tell the organisers.
error-no_chance = The system gives no random numbers. Nothing changed; restart the device.
error-malformed = The relay did not understand something that was sent. It is kept here; update Palier.
error-too_large = Something is too large for the relay. It is kept here; tell the organisers.
error-wrong_space = Something was sent to another campaign. It is kept here; tell the organisers.
error-unknown_device = The relay does not know this device yet. Everything is kept here; sync again.
error-bad_certificate = The rights of this device or of the invitation do not hold. Ask for a new invitation.
error-expired = The rights of this device have ended. Everything is kept here; ask for a new invitation.
error-revoked = The rights of this device were taken back. See your lead.
error-bad_signature = The signature of something that was sent does not fit. It is kept here; tell the organisers.
error-gap = Something before this is missing. Everything is kept here; sync again.
error-fork = This device seems to be restored from an old backup. Everything is kept here; sync again.
error-key_unknown = The team’s key has not come in yet. Sync again.
error-cannot_open = Something does not open with the team’s key. It is kept here; tell your lead.
error-bad_changes = Something that came in is not whole. It is set aside; tell the organisers.
error-too_many_operations = Something holds too many changes. It is kept here; tell the organisers.
error-missing_dependency = What comes before this is missing. Sync again.
error-wrong_actor = Something is not from the device that signs it. It is set aside; tell the organisers.
error-bad_schema = The content of something is not understood. It is kept here; update Palier.
error-bad_time = The clock of this device is more than two days off. Everything is kept here; set it right.
error-invitation_unknown = The relay does not know this invitation. Who made it should sync first.
error-invitation_expired = This invitation has expired. Ask for a new one.
error-invitation_used = This invitation was used already. Ask for a new one.
error-team_full = This team is full: nobody else gets in. It takes another team, or a place that becomes free.
error-waiting = A lead must accept your request first.
error-device_gone = Palier no longer answers on this device. What was recorded is on disk; start Palier again and open the address that it prints.
error-wrong_key = This page does not have the device’s key. Open the whole address that Palier gave when it started.
error-unexpected = Palier gave an unexpected answer. Nothing changed; try again.
error-damaged = The data of this device is damaged. It was moved aside, not erased; tell your lead.
error-folder = The folder of Palier cannot be read or written. Nothing changed; check that there is room, then start Palier again.
error-not_encrypted = This version of Palier does not encrypt its data. Nothing changed.
error-bad_request = This page and Palier are not of the same version. Nothing changed; load the page again.
error-wrong_host = Palier only answers the computer that it runs on. Open the whole address given at its start.
error-other = Palier could not do this, for a reason that it cannot say here. Nothing changed; update Palier, then try again.

## On paper, and by several

paper-open = Paper
paper-title = Walk sheets
paper-what = Doors in walking order, with a box to tick for each outcome. A short code on each line is for entering them afterwards.
paper-which = Which doors
paper-all = All
paper-left = To do and to see again
paper-where = Where
paper-everywhere = The whole turf
paper-count = { $doors ->
    [one] { NUMBER($doors) } door
   *[other] { NUMBER($doors) } doors
} on { $pages ->
    [one] { NUMBER($pages) } sheet
   *[other] { NUMBER($pages) } sheets
}
paper-print = Print
paper-keep = As a file
paper-kept = File ready: { $file }, among the downloads. Any browser opens and prints it.
paper-care = Write nothing about people. Doors not to be contacted are crossed out. Once entered, destroy the sheets.
paper-footer = Nothing leaves from here: the device prints by itself.
sheet-printed = Printed { $day }
sheet-page = Sheet { $page } of { $pages }
sheet-code = Code
sheet-number = No.
sheet-door = Door
sheet-last = Before
sheet-back = Come back
sheet-never = Do not ring
letter-absent = A
letter-come_back = B
letter-spoke = S
letter-refused = R
letter-inaccessible = I
letter-vacant = V
letter-do_not_contact = N
letter-leaflet = L
when-days = MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY
when-tomorrow = TOMORROW
when-morning = MORNING
when-afternoon = AFTERNOON
when-evening = EVENING TONIGHT
entry-open = Enter sheets
entry-title = Entering sheets
entry-day = Day of the outing
entry-hour = Hour
entry-what = Code or outcome
entry-how = The code of a line, or the letter of the outcome, then Enter. { $leaflet } after the letter for a leaflet. Arrows change the line.
entry-how-back = { $letter } may say when to come back: { $letter } TONIGHT, { $letter } TOM 18-20, { $letter } SAT MORNING, { $letter } 28/11 15H.
entry-back = { $recorded }, { $when }
entry-note = Note
entry-choose = Two lines have this code: choose the right one.
entry-not-understood = This is neither a code, nor a letter of the list, nor a moment to come back. Nothing is noted.
entry-no-line = No line has the code { $code }. Nothing is noted; compare it with the sheet.
entry-never = This door is not to be contacted. Nothing is noted.
entry-no-moment = Give the day and the hour of the outing. Nothing is noted.
entry-known = { $outcome }, { $when }
entry-doors = Doors
entry-end = Finish
entry-ended = Entry finished
pair-open = Several
pair-title = By several
pair-what = One person notes, the others knock. Each gets the next door in walking order.
pair-many = How many knock
pair-name = Nickname of person { $number }
pair-runner = Person { $number }
pair-kept = Optional. These nicknames are not kept: they are forgotten when the screen is left.
pair-start = Start
pair-stop = End
pair-none-left = No door left to do
pair-left = { $count ->
    [0] Nothing left to do
    [one] { NUMBER($count) } door to do
   *[other] { NUMBER($count) } doors to do
}
pair-last = { $name }, { $door }: { $outcome }
