//! Names that no person bears.

/// Names of streets: things, trades, plants and animals.
pub(super) const STREETS: [&str; 44] = [
    "Rue du Lavoir",
    "Rue des Tisserands",
    "Rue de la Vieille Halle",
    "Rue des Alouettes",
    "Rue du Four à Pain",
    "Rue des Charrons",
    "Rue de la Fontaine aux Saules",
    "Rue des Marronniers",
    "Rue du Puits Couvert",
    "Rue de l'Étang",
    "Rue des Glycines",
    "Rue du Colombier",
    "Rue des Trois Marches",
    "Rue de l'Ancien Octroi",
    "Rue des Cordiers",
    "Rue du Pressoir",
    "Rue des Noisetiers",
    "Rue de la Briqueterie",
    "Rue du Gué",
    "Rue des Hirondelles",
    "Rue de la Passerelle",
    "Rue des Jardins Ouvriers",
    "Rue du Petit Escalier",
    "Rue des Peupliers",
    "Rue de la Filature",
    "Rue des Coquelicots",
    "Rue du Champ de Foire",
    "Rue des Vanniers",
    "Rue de la Laiterie",
    "Rue des Sorbiers",
    "Rue du Haut Perron",
    "Rue des Mésanges",
    "Rue de l'Écluse",
    "Rue des Tanneurs",
    "Rue du Clos Fleuri",
    "Rue des Acacias",
    "Rue de la Tuilerie",
    "Rue des Libellules",
    "Rue du Bac à Chaîne",
    "Rue des Bouleaux",
    "Allée des Rampes",
    "Allée du Vieux Sablier",
    "Avenue de la Gare Basse",
    "Avenue du Palier",
];

/// The streets along the river, on its southern and northern bank.
pub(super) const QUAYS: [&str; 2] = ["Quai des Lavandières", "Quai de la Batellerie"];

/// The bridges, from west to east.
pub(super) const BRIDGES: [&str; 2] = ["Pont des Marches", "Pont de la Rampe"];

/// Where people vote.
pub(super) const STATIONS: [&str; 8] = [
    "École du Lavoir",
    "Gymnase des Tisserands",
    "Salle de la Vieille Halle",
    "École des Alouettes",
    "Hôtel de ville",
    "École de la Filature",
    "Maison de quartier des Peupliers",
    "Salle de l'Écluse",
];
