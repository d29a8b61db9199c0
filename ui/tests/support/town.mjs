// A town of straight streets, in the layouts of the official files.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const HEADER =
  "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat;certification_commune";
const RESULTS =
  "__id,id_election,id_brut_miom,code_departement,libelle_departement,code_commune,libelle_commune,code_bv,inscrits,abstentions,votants,blancs,nuls,exprimes";
const KINDS = ["Rue", "Avenue", "Allée", "Impasse", "Chemin"];
const NAMES = [
  "des Tilleuls",
  "du Vieux Lavoir",
  "de la Gare",
  "des Frênes",
  "du Moulin à Vent",
  "de l’Église",
  "des Quatre Chemins et du Petit Pont de Pierre",
  "des Marronniers",
];
// What one degree is here, in metres: a town at 48.85° north.
const [LON_M, LAT_M] = [73_250, 111_200];
const CORNER = [2.4, 48.86];

/**
 * Writes the files of a town of `stations` squares, each with `streets` streets of `houses`
 * doors; `corner` says where on earth. The last address has no position, so that one row is always rejected.
 */
export function writeTown(
  folder,
  { stations = 3, streets = 4, houses = 12, corner: origin = CORNER } = {},
) {
  const codes = Array.from({ length: stations }, (_, index) => String(index + 1));
  const side = { lon: ((houses + 3) * 12) / LON_M, lat: ((streets + 1) * 60) / LAT_M };
  const across = Math.ceil(Math.sqrt(stations));
  const [west, north] = origin;
  const corner = (index) => [
    west + (index % across) * side.lon,
    north - Math.floor(index / across) * side.lat,
  ];
  const features = codes.map((code, index) =>
    perimeter(code.padStart(4, "0"), corner(index), side),
  );
  const rows = codes.flatMap((_, index) => doors(index, corner(index), streets, houses));
  const results = codes.map((code, index) => {
    const [registered, voted] = [900 + 40 * index, 610 + 17 * index];
    return `${index + 1},2022_pres_t1,99100_${code.padStart(4, "0")},99,,99100,Palierville,${code.padStart(4, "0")},${registered},${registered - voted},${voted},9,4,${voted - 13}`;
  });
  const lost = "99100_9999_1;;1;;Rue Perdue;99100;99100;Palierville;;;1";
  const write = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    // As the device names them, without the files’ leading zeros.
    codes,
    doors: streets * houses,
    stations: write("bureaux.geojson", JSON.stringify({ type: "FeatureCollection", features })),
    addresses: write("adresses.csv", `${[HEADER, ...rows, lost].join("\n")}\n`),
    results: write("resultats.csv", `${[RESULTS, ...results].join("\n")}\n`),
  };
}

function perimeter(bureau, [west, north], side) {
  const [east, south] = [west + side.lon, north - side.lat];
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return {
    type: "Feature",
    properties: { bureau, nom: `École ${Number(bureau)}` },
    geometry: { type: "Polygon", coordinates: [ring] },
  };
}

function doors(station, [west, north], streets, houses) {
  return Array.from({ length: streets * houses }, (_, index) => {
    const [street, house] = [Math.floor(index / houses), index % houses];
    const order = station * streets + street;
    const name = `${KINDS[order % KINDS.length]} ${NAMES[order % NAMES.length]}`;
    const suffix = order < 40 ? "" : ` ${Math.floor(order / 40) + 1}`;
    // Odd numbers on one side, even ones on the other.
    const lon = west + ((house + 2) * 12) / LON_M;
    const lat = north - ((street + 1) * 60 + (house % 2) * 14) / LAT_M;
    const id = `99100_${String(order + 1).padStart(4, "0")}_${String(house + 1).padStart(5, "0")}`;
    return `${id};;${house + 1};;${name}${suffix};99100;99100;Palierville;${lon.toFixed(6)};${lat.toFixed(6)};1`;
  });
}
