# Les mots de l’interface. Chaque clé existe dans les deux langues ; un test y veille.

palier = Palier
palier-is = Le porte-à-porte d’une équipe, même sans réseau.
page-title = { $title } – Palier

## Partout

back = Retour
dismiss = Fermer ce message
ask-again = Réessayer
copy = Copier le lien
copied = Copié
copy-code = Copier le code
qr = Le même texte en code QR
thanks = Merci, fermer
undo = Annuler
language = Langue
language-fr = Français
language-en = English
number = { NUMBER($value) }
percent = { $percent } %
clock = { $hour } h { $minute }
yesterday = hier { $clock }
weekday = { $day } { $clock }
progress = { NUMBER($done) } { $done ->
    [0] porte faite
    [one] porte faite
   *[other] portes faites
} sur { NUMBER($all) }
done-of = { NUMBER($done) }/{ NUMBER($all) }
team = Équipe
role = { $role ->
   *[volunteer] Bénévole
    [lead] Référent·e
    [trainer] Formateur·rice
    [observer] Délégué·e
    [organiser] QG
}

screens = Écrans
tab-today = Aujourd’hui
tab-totals = Totaux
tab-turnout = Participation
tab-invite = Inviter
tab-organise = Organiser
tab-me = Moi

## Résultats d’un passage

todo = À faire
outcome-absent = Absent
outcome-come_back = À revoir
outcome-spoke = A parlé
outcome-refused = Refus
outcome-inaccessible = Inaccessible
outcome-vacant = Logement vide
outcome-do_not_contact = Ne plus contacter
outcome-other = Autre…
outcome-bar = Résultat du passage
leaflet-left = Tract laissé
script-open = À dire
script-today = Quoi dire à la porte
script-title = À dire à la porte
script-version = { $title } · version { $number }
script-cards = Ripostes
script-answers = Ce que la personne répond
script-end = C’est la fin de l’échange. Notez le passage, rien sur la personne.
script-back = Phrase d’avant
script-begin = Depuis le début
script-none = Aucun argumentaire n’est publié pour l’instant. Une fois publié, il se lit aussi sans réseau.
script-to-door = Retour à la porte
script-leave = Retour
cards-find = Ce que vous avez entendu
cards-heard = « { $heard } »
cards-found = { $count ->
    [0] Aucune riposte. Essayez un autre mot, ou son début.
    [one] 1 riposte
   *[other] { NUMBER($count) } ripostes
}
answers-title = Réponses
answers-support = Soutien (1 non, 5 oui)
answers-level = Soutien { $level } sur 5
answers-registration = Souci d’inscription
answers-proxy = Cherche une procuration
answers-skip = Passer
answers-done = Terminé
answers-undo = Effacer
answers-note = Compté pour le bureau de vote, jamais avec la porte ni l’heure. Part par dix portes ouvertes.
last-recorded = { $door } : { $outcome }
last-undone = Passage annulé : { $door }
no-door-chosen = Choisissez une porte
by-me = moi
visit-by = { $when } · { $who }
lift = Retirer…
lift-sure = Quelqu’un a demandé à ne plus être contacté. Retirez-le seulement si c’était une erreur de saisie : la porte redevient comme avant, pour toute l’équipe.
lift-confirm = C’était une erreur, retirer
lift-keep = Garder
lift-theirs = Seule la personne qui l’a noté peut le retirer.

## Ce qu’un enregistrement est devenu

sending-saved = Enregistré
sending-queued = À envoyer
sending-sent = Envoyé
sending-refused = Envoi refusé

## Rejoindre

join-title = Rejoindre une campagne
join-link = Lien d’invitation
join-link-hint = Collez ici le lien reçu de votre équipe.
join-read = Lire l’invitation
join-team = Équipe : { $team }
join-role = Vous y serez : { $role ->
   *[volunteer] bénévole
    [lead] référent·e
    [trainer] formateur·rice
    [observer] délégué·e
    [organiser] QG
}.
join-until = Invitation valable jusqu’à : { $when }
join-approved = Un·e référent·e devra accepter votre demande.
join-name = Votre pseudonyme
join-name-hint = Un surnom que votre équipe reconnaîtra. Jamais votre vrai nom : il n’est demandé nulle part.
join-submit = Rejoindre l’équipe
join-kept = Ni compte, ni e-mail, ni mot de passe. Les portes restent dans l’équipe ; la campagne ne reçoit que des totaux.
i-organise = J’organise une campagne
i-have-a-link = J’ai un lien d’invitation
i-have-no-network = Pas de réseau, mais un·e référent·e est à côté de moi
waiting-unsent = Votre demande partira dès que le relais répondra
waiting-waiting = Votre demande attend un·e référent·e
waiting-declined = Votre demande n’a pas été acceptée
waiting-not_let_in = Vous êtes accepté·e, mais pas encore entré·e
waiting-name = Sous le pseudonyme : { $name }
waiting-digits = Dites ces chiffres à votre référent·e, qui doit voir les mêmes :
waiting-kept = La demande reste gardée sur cet appareil, même éteint. Palier demande des nouvelles de temps en temps.
waiting-ask = Demander des nouvelles
waiting-stop = Retirer ma demande
waiting-again = Recommencer avec un lien
scan-start = Scanner avec l’appareil photo
scan-stop = Arrêter l’appareil photo
scan-picture = Ce que voit l’appareil photo
scan-looking = Tenez le code dans l’image. Rien de ce que voit l’appareil photo n’est gardé ni envoyé.
scan-denied = L’appareil photo n’est pas permis à Palier. Collez ou tapez plutôt ce qui est montré.
scan-absent = Aucun appareil photo ici. Collez ou tapez plutôt ce qui est montré.
scan-failed = L’appareil photo ne répond pas, ou sert à un autre programme. Collez ou tapez plutôt ce qui est montré.
code-wrong = « { $letter } » n’est dans aucun code : regardez à nouveau le groupe { $group }.
code-whole = Le code est complet.
code-part = { $count ->
    [one] 1 lettre, le code n’est pas encore complet.
   *[other] { NUMBER($count) } lettres, le code n’est pas encore complet.
}
demo-try = Essayer d’abord, sur des portes inventées
demo-title = Démonstration
demo-team = Équipe d’essai
demo-turf = Secteur d’essai
demo-name = Rossignol
demo-note = Tout marche comme en vrai, sur des portes inventées. Rien ne part de cet appareil, et rien n’en reste quand vous terminez.
demo-end = Terminer la démonstration
demo-kept = Rien ne part d’ici
code-title = Entrer sans réseau
code-note = Cet appareil montre un code, celui de votre référent·e répond par un autre. Rien ne passe par Internet.
code-link = Lien d’invitation, si vous en avez un
code-link-hint = Il fait refuser la réponse d’une autre campagne.
code-submit = Montrer mon code
code-show = Mon code, à montrer ou à dicter
code-answer = Code de réponse
code-answer-hint = Collez-le ici, tapez-le, ou scannez-le. Espaces, tirets et minuscules ne comptent pas.
code-enter = Entrer dans l’équipe
create-title = Créer une campagne
create-name = Nom de la campagne
create-name-hint = Il reste affiché sur l’écran de chaque personne.
create-relay = Adresse du relais
create-relay-hint = Le petit serveur qui relie vos équipes, par exemple https://relais.exemple.org. Il ne peut pas lire les portes.
create-colour = Couleur de la campagne
create-colour-hint = Elle reste affichée à côté du nom.
colour-any = Laisser l’appareil choisir
colour-1 = Pétrole
colour-2 = Bleu
colour-3 = Violet
colour-4 = Prune
colour-5 = Ocre
colour-6 = Ardoise
create-submit = Créer la campagne

## Aujourd’hui

today-title = Bonjour, { $name }
my-turfs = { $count ->
    [0] Secteurs
    [one] Mon secteur
   *[other] Mes secteurs
}
no-turf = Pas encore de secteur. Votre référent·e vous en donnera un ; il apparaîtra ici à la prochaine synchronisation.
no-turf-organiser = Pas encore de secteur. Dans Organiser, importez les bureaux de vote et les adresses, puis donnez un secteur à une équipe.
turf-progress = { NUMBER($visited) } sur { NUMBER($all) } { $all ->
    [0] porte
    [one] porte
   *[other] portes
}
turf-opened = { $count ->
    [0] aucune ne s’est ouverte
    [one] 1 s’est ouverte
   *[other] { NUMBER($count) } se sont ouvertes
}
shift-open = Sortie en cours
shift-since = Sortie en cours depuis { $when }
shift-start = Commencer la sortie
shift-end = Terminer la sortie
shift-summary = Merci ! { $doors ->
    [0] Aucune porte
    [one] 1 porte
   *[other] { NUMBER($doors) } portes
}, { $opened ->
    [0] aucune ouverte
    [one] 1 ouverte
   *[other] { NUMBER($opened) } ouvertes
}, { $spoke ->
    [0] aucune discussion
    [one] 1 discussion
   *[other] { NUMBER($spoke) } discussions
}, { $leaflets ->
    [0] aucun tract
    [one] 1 tract
   *[other] { NUMBER($leaflets) } tracts
} en { NUMBER($minutes) } min.

today-queued = { $count ->
    [one] 1 passage attend le réseau. Il est gardé ici et partira tout seul.
   *[other] { NUMBER($count) } passages attendent le réseau. Ils sont gardés ici et partiront tout seuls.
}

## Liste et carte

doors = Portes
list = Liste
map = Carte
side-odd = côté impair
side-even = côté pair
building-doors = { NUMBER($done) }/{ NUMBER($all) } portes
to-see-again = { NUMBER($count) } à revoir
search = Chercher
search-label = Numéro ou rue
filter-label = Montrer
filter-all = Toutes
found = { $count ->
    [0] Aucune porte
    [one] 1 porte
   *[other] { NUMBER($count) } portes
}
list-empty = Ce secteur n’a pas encore de porte.
list-nothing-found = Aucune porte ne correspond. Changez la recherche ou le filtre.
stair-short = esc. { $stair }
floor-below = sous-sol { $floor }
floor-short = { $floor ->
    [0] RDC
    [1] 1er ét.
   *[other] { $floor }e ét.
}
door-inside = { $address }, { $inside }
map-empty = Ce secteur n’a encore rien à montrer sur la carte.
legend = Légende
building-begun = Immeuble commencé
building-done = Immeuble fini
zoom-in = Agrandir
zoom-out = Réduire
position-ask = Où suis-je ?
position-asking = Position demandée une seule fois ; elle n’est ni gardée ni envoyée.
position-refused = L’appareil refuse la position. La carte marche sans elle.
position-absent = La position n’est pas connue ici. La carte marche sans elle.

## Tournées de tracts

rounds-title = Tournées de tracts
rounds-none = Pas encore de tournée. Un·e référent·e en fait une à partir d’un secteur.
rounds-none-lead = Pas encore de tournée. Faites-en une ci-dessous, à partir d’un secteur.
round-new = Nouvelle tournée
round-how = Les côtés de rue du secteur, dans un ordre où l’on marche peu. Toute l’équipe la voit.
round-name = Nom de la tournée
round-turf = Secteur
round-submit = Faire la tournée
round-needs = Il faut d’abord un secteur.
round-made = Tournée faite : { $name }, { $faces ->
    [one] 1 côté de rue
   *[other] { NUMBER($faces) } côtés de rue
}, { $boxes ->
    [one] 1 boîte
   *[other] { NUMBER($boxes) } boîtes
}
round-progress = { NUMBER($done) }/{ NUMBER($all) } boîtes
round-missed = { NUMBER($missed) } sans accès
round-left = { $left ->
    [0] Tournée finie. Merci !
    [one] Reste 1 boîte, sur 1 côté de rue
   *[other] Restent { NUMBER($left) } boîtes, sur { $faces ->
        [one] 1 côté de rue
       *[other] { NUMBER($faces) } côtés de rue
    }
}
face-numbers = nᵒˢ { $first } à { $last }
face-over = Fini
face-all = Tout ce côté ({ NUMBER($count) })
boxes-left = reste { NUMBER($count) }
boxes-count = { $count ->
    [one] 1 boîte
   *[other] { NUMBER($count) } boîtes
}
boxes-progress = { NUMBER($done) } boîtes sur { NUMBER($all) }
boxes-bar = Boîtes aux lettres
boxes-todo = À faire
boxes-done = Distribué
boxes-unreached = Pas d’accès
boxes-said = { $state } : { $where }, { $boxes ->
    [one] 1 boîte
   *[other] { NUMBER($boxes) } boîtes
}
boxes-undone = Annulé : { $where }

## Fonds de carte

maps-title = Fonds de carte
maps-intro = Un fond de carte montre les rues, l’eau et les bâtiments sous les portes, sans réseau. Il reste sur cet appareil.
maps-none = Aucun fond de carte ici. La carte montre les rues d’après les adresses.
maps-add = Ajouter un fond de carte
maps-kind = Un fichier PMTiles au schéma OpenMapTiles, fait par votre campagne ou pris chez un fournisseur de données OpenStreetMap.
maps-choose = Choisir un fichier
maps-adding = Copie en cours, { $percent } %
maps-stop = Arrêter
maps-added = Ajouté : { $name }
maps-size = { NUMBER($size, maximumFractionDigits: 1) } Mo
maps-harmed = Ce fichier est abîmé : il est mis de côté, la carte montre les rues d’après les adresses. Supprimez-le et ajoutez-le de nouveau.
maps-harmed-shared = Ce fichier est abîmé : il est mis de côté, la carte montre les rues d’après les adresses. Récupérez-le de nouveau.
map-damaged = Le fond de carte « { $name } » est abîmé et mis de côté : les rues sont celles des adresses. Voyez « Fonds de carte ».
maps-shared = Proposé par la campagne
maps-fetch = Récupérer
maps-go-on = Continuer
maps-fetching = Récupération en cours, { $percent } %
maps-begun = { $percent } % déjà ici, le reste suivra
maps-offer = Proposer à la campagne
maps-offering = Envoi au relais en cours…
maps-withdraw = Ne plus proposer
maps-remove = Supprimer

## Revenir

back-when = Quand revenir ?
back-said = On revient { $when }.
back-asked = demandé { $when }
back-today = aujourd’hui
back-tonight = ce soir
back-tomorrow = demain
back-hours = { $day }, { $from }–{ $to } h
revisits = À revoir
revisits-today = À revoir aujourd’hui
revisits-none = Aucune porte n’a demandé qu’on revienne.
revisits-all = { $count ->
    [0] Revenir : les bonnes heures
    [one] 1 porte à revoir et les bonnes heures
   *[other] { NUMBER($count) } portes à revoir et les bonnes heures
}
due-now = Maintenant
due-today = Plus tard aujourd’hui
due-late = En retard
due-unsaid = Sans moment convenu
due-later = Les autres jours
best-hours = Quand on ouvre le plus
hours-none = Il faut au moins 30 passages à la même heure pour dire quelque chose. Les vôtres s’ajoutent à chaque sortie.
hours-chance = Ces intervalles se recouvrent : le hasard seul peut expliquer l’écart.
housing-one = Adresses d’une porte
housing-few = Immeubles de 2 à 9 portes
housing-many = Immeubles de 10 portes ou plus
hour-to = { $from }–{ $to } h
hour-rate = { $seen } % ouvertes (entre { $low } et { $high } %)
hour-cases = sur { NUMBER($count) } passages

## Immeuble

building = Immeuble
building-undescribed = Une seule porte est notée ici. Décrivez l’immeuble pour avoir toutes ses portes, étage par étage.
building-one-stair = L’immeuble
building-finished = Immeuble fini
next-building = Suivant : { $address }
turf-finished = Toutes les portes du secteur sont faites.
next-door = Suivante
stairs = Escaliers
door-last = { $state }, { $when }
state-todo = À faire
state-absent = Absent
state-come_back = Revoir
state-spoke = Parlé
state-refused = Refus
state-inaccessible = Fermé
state-vacant = Vide
state-do_not_contact = Éviter
gesture-added = Ajouté : { $doors }
gesture-removed = Retiré : { $doors }
gesture-renamed = Renommé : { $doors }
own-name = nom d’origine
gesture-undone = Annulé : { $doors }
history = Derniers passages
history-none = Aucun passage ici pour l’instant.
left-title = Visitées, mais retirées de l’immeuble
left-address = À l’adresse, avant la description
put-back = Remettre
pick = Choisir
picked = { $count ->
    [one] 1 porte choisie
   *[other] { NUMBER($count) } portes choisies
}
pick-note = Touchez des portes ou des étages
pick-landing = Choisir tout : { $floor }
pick-range = De… à…
pick-range-note = Touchez la première porte, puis la dernière.
pick-todo = À faire ({ NUMBER($count) })
pick-none = Effacer
change = Modifier
rename = Renommer
remove-door = Retirer
add-door-at = Ajouter une porte : { $floor }
name-landing = Renommer le palier : { $floor }
name-door = Renommer la porte : { $door }
name-label = Autre nom, court
name-hint = Un côté, un numéro. Jamais le nom des gens.
usual-left = Gauche
usual-right = Droite
usual-middle = Face
usual-back = Fond
usual-entresol = Entresol
usual-mezzanine = Mezzanine
usual-garden = Jardin
usual-attic = Combles
describe-title = Décrire l’immeuble
describe-note = En une fois : les portes sont numérotées sur chaque palier, vous les corrigerez après.
describe-again = Les portes déjà là restent comme elles sont, avec leurs passages.
describe-stairs = Escaliers
describe-lowest = Premier étage avec des portes
describe-highest = Dernier étage
describe-doors = Portes par palier
describe-ground = Portes au rez-de-chaussée
describe-submit = Noter { $count ->
    [one] 1 porte
   *[other] { NUMBER($count) } portes
}
describe-more = Étages, escaliers
none = Aucune
access-none = Comment entre-t-on ? Notez-le pour l’équipe
access-title = Entrer dans l’immeuble
access-how = Comment on entre
access-open = Porte ouverte
access-code = Code
access-badge = Badge
access-caretaker = Gardien·ne
access-locked = Fermé
access-code-hint = Chiffres, lettres, # et *. Il reste dans l’équipe.
access-keep = Effacer ce code dans
access-until = jusqu’au { $day }
access-ended = code effacé le { $day }
access-warning = Rien sur les gens : ni nom, ni habitude, ni avis. Seulement comment on entre.
days = { NUMBER($count) } jours
keep = Enregistrer
close = Fermer
less-of = Moins : { $what }
more-of = Plus : { $what }

## Synchronisation et moi

sync-queued = { $count ->
    [0] Tout est envoyé
   *[other] { NUMBER($count) } à envoyer
}
sync-refused = { $count ->
    [one] 1 envoi refusé
   *[other] { NUMBER($count) } envois refusés
}
sync-online = En ligne
sync-offline = Hors ligne
sync-never = Pas encore relié
sync-title = Synchronisation
sync-waiting = Enregistré, à envoyer
sync-now = Synchroniser
syncing = Synchronisation en cours…
sync-last = Dernière synchronisation : { $when }.
sync-exchanged = Enveloppes envoyées : { NUMBER($sent) }, reçues : { NUMBER($received) }
nothing-new = Rien de nouveau
sync-never-yet = Aucune synchronisation pour l’instant.
sync-offline-safe = Le relais ne répond pas : { $count ->
    [0] rien n’attend d’être envoyé.
   *[other] tout est gardé sur cet appareil ; ce qui attend partira plus tard.
}
bundle-title = D’un appareil à l’autre, sans réseau
bundle-note = Un fichier porte ce que cet appareil garde jusqu’à un autre de la campagne. Hors de l’équipe, personne n’y lit les portes.
bundle-carry = Emporter dans un fichier
bundle-take = Reprendre un fichier
bundle-made = Fichier prêt : { $file }, { $count ->
    [one] 1 enveloppe
   *[other] { NUMBER($count) } enveloppes
}. Cherchez-le dans les téléchargements ; tout reste aussi sur cet appareil.
bundle-taken = { $received ->
    [one] 1 enveloppe reprise
   *[other] { NUMBER($received) } enveloppes reprises
}
bundle-came = { $came }{ $known ->
    [0] .
   *[other] , { NUMBER($known) } déjà là.
}
bundle-early = { $count ->
    [one] Une enveloppe n’est pas reprise : il manque ce qui la précède
   *[other] { NUMBER($count) } enveloppes ne sont pas reprises : il manque ce qui les précède
}. Gardez ce fichier, synchronisez, puis reprenez-le.
bundle-aside = { $count ->
    [one] 1 enveloppe laissée de côté
   *[other] { NUMBER($count) } enveloppes laissées de côté
} : d’une autre équipe, ou illisible ici. Le reste n’en souffre pas.
bundle-cut = Le fichier est coupé ou modifié. Ce qui était bon est gardé ; refaites-le sur l’autre appareil.
look-title = Affichage
theme = Thème
theme-system = Comme l’appareil
theme-light = Clair
theme-dark = Sombre
text-size = Taille du texte
text-normal = Normale
text-large = Grande
text-larger = Très grande
side = Main qui tient l’appareil
side-right = Droite
side-left = Gauche
side-note = À gauche, les barres du bas s’inversent pour que le pouce y arrive.
data-title = Mes données
data-note = Une copie de tout ce que cet appareil garde sur vous et de ce que vous avez noté : passages, sorties, participation, rôle et droits. Elle contient des adresses : gardez-la pour vous.
data-csv = Tableau (CSV)
data-json = Fichier complet (JSON)
data-made = Fichier prêt : { $file }
data-kept = Fichier gardé ici : { $path }
me-title = Moi
me-who = Qui je suis
me-name = Pseudonyme
me-no-name = Sans pseudonyme
me-role = Rôle
me-relay = Relais : { $relay }

## Mes campagnes

campaigns-title = Mes campagnes
campaigns-note = Chacune a ses propres clés : rien ne dit à l’une que vous êtes dans l’autre. Seule la campagne ouverte se synchronise.
campaign-begun = Entrée commencée
campaign-open = Ouverte
campaign-queued-closed = Partira quand vous l’ouvrirez.
campaign-turn = Ouvrir
campaign-leave = Quitter…
campaign-next = Rejoindre une autre campagne
campaign-invited = Vous avez ouvert un lien d’invitation. La campagne de maintenant reste sur cet appareil, et vous y revenez quand vous voulez.
campaign-back = Revenir à { $name }
others = { $count ->
    [one] 1 autre campagne sur cet appareil
   *[other] { NUMBER($count) } autres campagnes sur cet appareil
} · { $queued ->
    [0] rien à envoyer
   *[other] { NUMBER($queued) } à envoyer, quand vous l’ouvrirez
}
me-campaigns = Changer de campagne, ou la quitter
leave-title = Quitter { $name } ?
leave-what = Cet appareil efface tout ce qu’il garde de cette campagne : portes, passages, équipe, clés et cartes. On ne peut pas revenir en arrière.
leave-stays = Ce qui est déjà envoyé reste à votre équipe. Pour y revenir, il faudra une nouvelle invitation.
leave-unsent = { $count ->
    [one] 1 enregistrement n’est pas encore envoyé
   *[other] { NUMBER($count) } enregistrements ne sont pas encore envoyés
}
leave-first = Envoyez d’abord ce qui reste, ou gardez-le dans un fichier qu’un appareil de l’équipe pourra reprendre.
leave-open-sync = Ouvrir et synchroniser
leave-carry = Garder un fichier
leave-lose = { $count ->
    [one] J’accepte que cet enregistrement soit perdu.
   *[other] J’accepte que ces { NUMBER($count) } enregistrements soient perdus.
}
leave-root = Cet appareil garde la clé de la campagne
leave-lose-root = J’accepte que plus personne ne puisse nommer d’organisateurs ni prolonger leurs droits.
leave-submit = Quitter et tout effacer ici
leave-submit-losing = { $count ->
    [one] Quitter, et perdre 1 enregistrement
   *[other] Quitter, et perdre { NUMBER($count) } enregistrements
}
leave-back = Ne pas quitter
left = Vous avez quitté { $name }. Il n’en reste rien sur cet appareil.

## Totaux

totals-title = Totaux
totals-by = Regrouper
by-station = Bureau de vote
by-day = Jour
by-team = Équipe
totals-from-relay = Toute la campagne, d’après le relais · { $when }
totals-from-device = Les passages de cet appareil seulement · { $when }
totals-empty = Aucun passage pour l’instant.
column-knocked = Passages
column-absent = Absents
column-come_back = À revoir
column-spoke = Ont parlé
column-refused = Refus
column-inaccessible = Inaccessibles
column-vacant = Vides
column-do_not_contact = Ne plus contacter
column-leaflets = Tracts
column-doors = Portes
column-addresses = Adresses
column-registered = Inscrits
column-turnout = Participation
totals-answers = Réponses aux portes
totals-answers-note = Par lots de dix portes ouvertes, sans lien avec une porte. Ce qui n’a pas fait un lot n’est pas compté.
answers-out-of = { $answered ->
    [0] Aucune réponse
    [one] 1 réponse
   *[other] { NUMBER($answered) } réponses
} sur { NUMBER($doors) } portes ouvertes
answers-favourable = Soutien 4 ou 5 : { $seen } % (entre { $low } et { $high } %)
answers-too-few = Part non affichée : moins de 30 réponses
answers-levels = Soutien de 1 à 5
answers-nowhere = Hors bureau
answers-registrations = { $count ->
    [0] Aucun souci d’inscription
    [one] 1 souci d’inscription
   *[other] { NUMBER($count) } soucis d’inscription
}
answers-proxies = { $count ->
    [0] Aucune procuration cherchée
    [one] 1 procuration cherchée
   *[other] { NUMBER($count) } procurations cherchées
}
turnout-votes = { NUMBER($votes) } à { $hour }
turnout-share = { NUMBER($percent, maximumFractionDigits: 1) } % à { $hour }

## Participation

turnout-title = Participation
turnout-note = Votants depuis l’ouverture du bureau
turnout-station = { $station } { $name }
turnout-hour = Heure du comptage
turnout-count = Nombre de votants
turnout-registered = { NUMBER($registered) } inscrits dans ce bureau.
turnout-submit = Enregistrer ce comptage
turnout-made = Enregistré : { NUMBER($votes) } { $votes ->
    [0] votant
    [one] votant
   *[other] votants
} à { $hour }, bureau { $station }.
turnout-odd-above = C’est plus que le nombre d’inscrits. Est-ce bien ce nombre ?
turnout-odd-less = C’est moins qu’à une heure précédente. Est-ce bien ce nombre ?
turnout-odd-more = C’est plus qu’à une heure suivante. Est-ce bien ce nombre ?
turnout-counted = Comptages du bureau { $station }
turnout-voters = Votants
turnout-percent = { NUMBER($percent, maximumFractionDigits: 1) } %
turnout-none = Aucun comptage pour l’instant.
turnout-no-station = Les bureaux de vote ne sont pas encore arrivés sur cet appareil. Synchronisez, puis revenez ici.

## Inviter

invite-title = Inviter
invite-role = La personne sera
invite-team = Dans l’équipe
invite-no-team = Créez d’abord une équipe, dans Organiser.
invite-station = Code du bureau de vote
invite-uses = Combien de personnes
invite-uses-hint = Le lien marche sept jours, pour ce nombre de personnes.
invite-submit = Créer le lien
invite-ready = Lien à transmettre
invite-until = Jusqu’à : { $when } · { $uses ->
    [one] une personne
   *[other] { NUMBER($uses) } personnes
}

## L’équipe

team-title = L’équipe
team-none = Vous n’êtes dans aucune équipe.
open-team = { $count ->
    [0] Voir l’équipe
    [one] Voir l’équipe · 1 demande
   *[other] Voir l’équipe · { NUMBER($count) } demandes
}
requests-wait = { $count ->
    [one] 1 personne demande à entrer
   *[other] { NUMBER($count) } personnes demandent à entrer
}
requests-title = { $count ->
    [0] Demandes
    [one] 1 demande
   *[other] { NUMBER($count) } demandes
}
requests-compare = Demandez à la personne les chiffres de son écran : ce doit être ceux-ci.
requests-none = Personne ne demande à entrer pour l’instant.
requests-look = Regarder à nouveau
request-accept = Accepter
request-decline = Refuser
members-title = { $count ->
    [one] 1 membre
   *[other] { NUMBER($count) } membres
} sur { NUMBER($limit) }
member-apart = en plus des membres
member-ended = ses droits ont pris fin
member-renew = Prolonger
member-renewed = Les droits de { $name } sont prolongés. Son appareil les prendra à sa prochaine synchronisation.
rights-until = Droits jusqu’au { $day }
rights-soon = · prolongés d’eux-mêmes à la synchronisation
member-remove = Retirer
member-sure = Retirer { $name } de l’équipe ?
member-sure-note = Ce qui est déjà noté reste. La clé de l’équipe change : cet appareil ne lira plus rien de ce qui suit, et ses liens d’invitation se ferment. On ne peut pas revenir en arrière.
member-confirm = Retirer
member-keep = Garder
member-removed = { $name } n’est plus dans l’équipe.
letin-title = Faire entrer sans réseau
letin-note = La personne est à côté de vous et montre un code : le vôtre lui répond, sans relais.
letin-open = Lire son code
letin-code = Code de la personne
letin-code-hint = Collez-le ici, tapez-le, ou scannez-le.
letin-read = Lire ce code
letin-turf = Portes à lui donner
letin-no-turf = Aucune porte
letin-submit = Faire entrer { $name }
letin-ready = Code de réponse, à montrer ou à dicter
ended-removed = Vous n’êtes plus dans cette équipe
ended-removed-note = Vos droits ont été retirés. Ce qui est sur cet appareil y reste, mais rien n’en part et rien n’y arrive plus. Voyez votre référent·e.
ended-expired = Vos droits ont pris fin
ended-expired-note = Ce que vous notez est gardé ici, mais ne part plus. Demandez une nouvelle invitation à votre référent·e.

## Organiser

organise-title = Organiser
organise-invite = Inviter quelqu’un
organise-note = Importer, former les équipes, donner les secteurs
import-title = Importer un fichier
import-subject = Ce qu’il contient
subject-stations = Bureaux de vote
subject-addresses = Adresses
subject-results = Résultats passés
import-choose = Choisir un fichier
import-reading = Lecture du fichier…
import-tried = Essai : rien n’est encore gardé.
import-kept = C’est gardé.
import-read-as = Lu comme { $format }, { $encoding }.
import-rows = Lignes
import-accepted = Acceptées
import-rejected = Rejetées
import-rejected-title = Lignes rejetées
import-line = Ligne { $line } : { $reason }
import-notes = À savoir
import-ballots = Scrutins trouvés
import-nowhere = Adresses dans aucun périmètre
import-twice = Adresses dans plusieurs périmètres
import-keep = { $count ->
    [0] Rien à garder
    [one] Garder 1 ligne
   *[other] Garder { NUMBER($count) } lignes
}
lines-title = { $title } ({ NUMBER($count) })
stations-count = { $count ->
    [0] Bureaux de vote
    [one] 1 bureau de vote
   *[other] { NUMBER($count) } bureaux de vote
}
stations-empty = Importez d’abord les périmètres des bureaux de vote.
station-option = { $station } { $name } · { NUMBER($doors) } portes
team-new = Nouvelle équipe
team-name = Nom de l’équipe
team-policy = Qui y entre
policy-open = Le lien suffit
policy-approved = Un·e référent·e accepte
team-submit = Créer l’équipe
team-made = Équipe créée : { $name }
turf-new = Nouveau secteur
turf-name = Nom du secteur
turf-submit = Donner le secteur
turf-needs = Il faut une équipe et au moins un bureau de vote avec ses adresses.
turf-made = Secteur créé : { $name }, { $doors ->
    [one] 1 porte
   *[other] { NUMBER($doors) } portes
}

## Erreurs : ce qui est arrivé, ce qui est sauf, ce qu’il faut faire

error-not_in_campaign = Cet appareil n’est dans aucune campagne. Rejoignez-en une par son lien, ou créez-la.
error-campaign_closed = Cette campagne n’est plus ouverte sur cet appareil. Ceci n’est pas enregistré ; rouvrez-la, puis recommencez.
error-in_use = Un autre programme a cette campagne ouverte. Rien n’a changé ; fermez-le, puis recommencez.
error-not_wiped = La campagne est quittée, mais des fichiers n’ont pas pu être effacés. Palier les effacera au prochain démarrage.
error-unknown_campaign = Cette campagne n’est plus sur cet appareil. Rien n’a changé.
error-not_allowed = Votre rôle ne permet pas cela. Rien n’a changé.
error-offline = Le relais ne répond pas. Tout est gardé sur cet appareil ; ce qui attend partira plus tard.
error-busy = Le relais a beaucoup à faire. Tout est gardé sur cet appareil ; ce qui attend partira dans un moment.
error-relay_nonsense = Le relais a donné une réponse incompréhensible. Rien n’est perdu ; réessayez plus tard et prévenez le QG.
error-disk_full = La mémoire de l’appareil est pleine : ceci n’est pas enregistré, ce qui l’était le reste. Faites de la place, puis recommencez.
error-newer_database = Ces données viennent d’une version plus récente de Palier. Rien n’a changé ; mettez Palier à jour.
error-store = Les données de cet appareil ne peuvent pas être lues ou écrites. Ceci n’est pas enregistré ; relancez Palier.
error-document = Un document ne peut pas être lu. Il est mis de côté, les autres sont saufs ; prévenez le QG.
error-no_chance = Le système ne donne pas de nombres au hasard. Rien n’a changé ; redémarrez l’appareil.
error-malformed = Le relais n’a pas compris un envoi. Il est gardé ici ; mettez Palier à jour.
error-too_large = Un envoi est trop gros pour le relais. Il est gardé ici ; prévenez le QG.
error-wrong_space = Un envoi vise une autre campagne. Il est gardé ici ; prévenez le QG.
error-unknown_device = Le relais ne connaît pas encore cet appareil. Tout est gardé ici ; synchronisez à nouveau.
error-bad_certificate = Les droits de cet appareil ou de l’invitation ne tiennent pas. Demandez une nouvelle invitation.
error-expired = Les droits de cet appareil ont pris fin. Tout est gardé ici ; demandez une nouvelle invitation.
error-revoked = Les droits de cet appareil ont été retirés. Voyez votre référent·e.
error-bad_signature = La signature d’un envoi ne convient pas. Il est gardé ici ; prévenez le QG.
error-gap = Il manque un envoi avant celui-ci. Tout est gardé ici ; synchronisez à nouveau.
error-fork = Cet appareil semble restauré d’une ancienne sauvegarde. Tout est gardé ici ; synchronisez à nouveau.
error-key_unknown = La clé de l’équipe n’est pas encore arrivée. Synchronisez à nouveau.
error-cannot_open = Un envoi ne s’ouvre pas avec la clé de l’équipe. Il est gardé ici ; prévenez votre référent·e.
error-bad_changes = Un envoi n’est pas entier. Il est mis de côté ; prévenez le QG.
error-too_many_operations = Un envoi contient trop de changements. Il est gardé ici ; prévenez le QG.
error-missing_dependency = Il manque ce qui précède cet envoi. Synchronisez à nouveau.
error-wrong_actor = Un envoi n’est pas de l’appareil qui le signe. Il est mis de côté ; prévenez le QG.
error-bad_schema = Le contenu d’un envoi n’est pas compris. Il est gardé ici ; mettez Palier à jour.
error-bad_time = L’horloge de cet appareil a plus de deux jours d’écart. Tout est gardé ici ; mettez-la à l’heure.
error-invitation_unknown = Le relais ne connaît pas cette invitation. La personne qui l’a faite doit d’abord synchroniser.
error-invitation_expired = Cette invitation n’est plus valable. Demandez-en une nouvelle.
error-invitation_used = Cette invitation a déjà servi. Demandez-en une nouvelle.
error-team_full = Cette équipe est complète : personne de plus n’y entre. Il faut une autre équipe, ou qu’une place s’y libère.
error-waiting = Un·e référent·e doit d’abord accepter votre demande.
error-device_gone = Palier ne répond plus sur cet appareil. Ce qui était enregistré est sur le disque ; relancez Palier et ouvrez l’adresse qu’il donne.
error-wrong_key = Cette page n’a pas la clé de l’appareil. Ouvrez l’adresse complète que Palier a donnée au démarrage.
error-unexpected = Palier a donné une réponse inattendue. Rien n’a changé ; réessayez.
error-damaged = Les données de cet appareil sont abîmées. Elles ont été mises de côté, pas effacées ; parlez-en à votre référent·e.
error-folder = Le dossier de Palier ne peut pas être lu ou écrit. Rien n’a changé ; vérifiez qu’il reste de la place, puis redémarrez Palier.
error-not_encrypted = Cette version de Palier ne chiffre pas ses données. Rien n’a changé.
error-bad_request = Cette page et Palier ne sont pas de la même version. Rien n’a changé ; rechargez la page.
error-wrong_host = Palier ne répond qu’à l’ordinateur où il tourne. Ouvrez l’adresse entière donnée au démarrage.
error-other = Palier n’a pas pu le faire, pour une raison qu’il ne sait pas dire ici. Rien n’a changé ; mettez Palier à jour, puis réessayez.

## Sur papier, et à plusieurs

paper-open = Papier
paper-title = Feuilles de porte-à-porte
paper-what = Les portes dans l’ordre de la marche, avec une case à cocher par résultat. Un code court sur chaque ligne sert à la saisie au retour.
paper-which = Quelles portes
paper-all = Toutes
paper-left = À faire et à revoir
paper-where = Où
paper-everywhere = Tout le secteur
paper-count = { $doors ->
    [one] { NUMBER($doors) } porte
   *[other] { NUMBER($doors) } portes
} sur { $pages ->
    [one] { NUMBER($pages) } feuille
   *[other] { NUMBER($pages) } feuilles
}
paper-print = Imprimer
paper-keep = En fichier
paper-kept = Fichier prêt : { $file }, parmi les téléchargements. Tout navigateur l’ouvre et l’imprime.
paper-care = N’écrivez rien sur les personnes. Les portes à ne plus contacter sont barrées. Une fois saisies, détruisez les feuilles.
paper-footer = Rien ne part d’ici : l’appareil imprime lui-même.
sheet-printed = Imprimé { $day }
sheet-page = Feuille { $page } sur { $pages }
sheet-code = Code
sheet-number = N°
sheet-door = Porte
sheet-last = Avant
sheet-back = Revenir
sheet-never = Ne pas sonner
letter-absent = A
letter-come_back = R
letter-spoke = P
letter-refused = F
letter-inaccessible = I
letter-vacant = V
letter-do_not_contact = N
letter-leaflet = T
when-days = LUNDI MARDI MERCREDI JEUDI VENDREDI SAMEDI DIMANCHE
when-tomorrow = DEMAIN
when-morning = MATIN
when-afternoon = APREM APRES-MIDI
when-evening = SOIR
entry-open = Saisir des feuilles
entry-title = Saisie des feuilles
entry-day = Jour de la sortie
entry-hour = Heure
entry-what = Code ou résultat
entry-how = Le code d’une ligne, ou la lettre du résultat, puis Entrée. { $leaflet } après la lettre pour un tract. Les flèches changent de ligne.
entry-how-back = { $letter } peut dire quand revenir : { $letter } SOIR, { $letter } DEMAIN 18-20, { $letter } SAM MATIN, { $letter } 28/11 15H.
entry-back = { $recorded }, { $when }
entry-note = Noter
entry-choose = Deux lignes ont ce code : choisissez la bonne.
entry-not-understood = Ce n’est ni un code, ni une lettre de la liste, ni un moment où revenir. Rien n’est noté.
entry-no-line = Aucune ligne n’a le code { $code }. Rien n’est noté ; comparez-le à la feuille.
entry-never = Cette porte est à ne plus contacter. Rien n’est noté.
entry-no-moment = Donnez le jour et l’heure de la sortie. Rien n’est noté.
entry-known = { $outcome }, { $when }
entry-doors = Portes
entry-end = Terminer
entry-ended = Saisie terminée
pair-open = À plusieurs
pair-title = À plusieurs
pair-what = Une personne note, les autres frappent. Chacune reçoit la porte suivante dans l’ordre de la marche.
pair-many = Combien frappent
pair-name = Surnom de la personne { $number }
pair-runner = Personne { $number }
pair-kept = Facultatif. Ces noms ne sont pas gardés : ils s’oublient en quittant l’écran.
pair-start = Commencer
pair-stop = Fin
pair-none-left = Plus aucune porte à faire
pair-left = { $count ->
    [0] Plus rien à faire
    [one] { NUMBER($count) } porte à faire
   *[other] { NUMBER($count) } portes à faire
}
pair-last = { $name }, { $door } : { $outcome }
