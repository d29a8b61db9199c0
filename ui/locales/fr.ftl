# Les mots de l’interface. Chaque clé existe dans les deux langues ; un test y veille.

palier = Palier
palier-is = Le porte-à-porte d’une équipe, même sans réseau.
page-title = { $title } – Palier

## Partout

back = Retour
dismiss = Fermer ce message
ask-again = Réessayer
copy = Copier le lien
copied = Lien copié
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
last-recorded = { $door } : { $outcome }
last-undone = Passage annulé : { $door }
no-door-chosen = Choisissez une porte
by-me = moi
visit-by = { $when } · { $who }

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
create-title = Créer une campagne
create-name = Nom de la campagne
create-name-hint = Il reste affiché sur l’écran de chaque personne.
create-relay = Adresse du relais
create-relay-hint = Le petit serveur qui relie vos équipes, par exemple https://relais.exemple.org. Il ne peut pas lire les portes.
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
shift-start = Commencer la sortie
shift-end = Terminer la sortie
shift-summary = Merci ! { $knocked ->
    [0] Aucun passage
    [one] 1 passage
   *[other] { NUMBER($knocked) } passages
}, { $spoke ->
    [0] aucune discussion
    [one] 1 discussion
   *[other] { NUMBER($spoke) } discussions
}, { $leaflets ->
    [0] aucun tract
    [one] 1 tract
   *[other] { NUMBER($leaflets) } tracts
} en { NUMBER($minutes) } min.

## Liste et carte

doors = Portes
list = Liste
map = Carte
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
floor-short = { $floor ->
    [0] RDC
    [1] 1er ét.
   *[other] { $floor }e ét.
}
door-inside = { $address }, { $inside }
map-empty = Ce secteur n’a encore rien à montrer sur la carte.
legend = Légende
zoom-in = Agrandir
zoom-out = Réduire

## Synchronisation et moi

sync-queued = { $count ->
    [0] Tout est envoyé
   *[other] { NUMBER($count) } à envoyer
}
sync-refused = { $count ->
    [one] 1 refusé
   *[other] { NUMBER($count) } refusés
}
sync-online = En ligne
sync-offline = Hors ligne
sync-never = Pas encore relié
sync-title = Synchronisation
sync-now = Synchroniser
syncing = Synchronisation en cours…
sync-last = Dernière synchronisation : { $when }.
sync-never-yet = Aucune synchronisation pour l’instant.
sync-offline-safe = Le relais ne répond pas : tout est gardé sur cet appareil et partira plus tard.
me-title = Moi
me-who = Qui je suis
me-name = Pseudonyme
me-no-name = Sans pseudonyme
me-role = Rôle
me-relay = Relais : { $relay }

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
turnout-votes = { NUMBER($votes) } à { $hour }
turnout-share = { NUMBER($percent, maximumFractionDigits: 1) } % à { $hour }

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

error-device_gone = Palier ne répond plus sur cet appareil. Ce qui était enregistré est sur le disque ; relancez Palier, cette page se reconnectera.
error-wrong_key = Cette page n’a pas la clé de l’appareil. Ouvrez l’adresse complète que Palier a donnée au démarrage.
error-unexpected = Palier a donné une réponse inattendue. Rien n’a changé ; réessayez.
error-other = Refusé : { $message }. Rien n’a changé.
