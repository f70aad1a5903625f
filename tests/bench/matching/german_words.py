"""What the German business set is made of: names, trades, towns and streets, all public knowledge."""


def _words(text: str) -> list[str]:
    return text.split()


SURNAMES = _words(
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter "
    "Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner "
    "Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs "
    "Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler "
    "Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher "
    "Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich "
    "Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer"
)
SYLLABLES = _words(
    "Ab Al An Bar Ber Bir Bol Bran Bru Dal Den Dor Ebel Eck Fal Fel Gar Ger Gol Had Hal Hel Hol Ing Jan Kal "
    "Kar Kel Kol Lam Lan Lem Lin Mar Mel Mil Nor Ol Os Pal Per Ral Ren Rol Sal Sel Sol Tal Tel Tor Ul Ur Val "
    "Wal Wen Wil Zan Zel"
)
ENDINGS = _words(
    "mann berg stein bach feld kamp hof meier bauer schmidt ing er ner ert hardt brink rath wald haus dorf "
    "ke kow ski icke ler ich au ow"
)
FIRST_NAMES = _words(
    "Anna Maria Peter Thomas Michael Andreas Stefan Christian Sabine Petra Monika Claudia Jürgen Klaus Uwe "
    "Frank Markus Martin Jan Lukas Leon Paul Felix Julia Lena Laura Sarah Nicole Katrin Susanne Birgit Heike "
    "Günter Werner Hans Karl Heinz Ayşe Mehmet Elif Piotr Agnieszka Olga Dimitri"
)
TRADES = _words(
    "Bau Hochbau Tiefbau Elektro Elektrotechnik Sanitär Heizung Maschinenbau Metallbau Stahlbau Logistik "
    "Spedition Transporte Gebäudereinigung Reinigung Dachdecker Bedachungen Malerbetrieb Tischlerei "
    "Schreinerei Gartenbau Landschaftsbau Fenster Küchen Möbel Druckerei Medien Software Systeme Consulting "
    "Steuerberatung Immobilien Hausverwaltung Versicherungen Pflegedienst Medizintechnik Apotheke Optik "
    "Hörgeräte Zahntechnik Kälte Klima Lüftung Fördertechnik Werkzeugbau Kunststofftechnik Verpackungen "
    "Lebensmittel Getränke Bäckerei Metzgerei Catering Gastronomie Automobile Reifen Landtechnik Energie "
    "Umwelttechnik Recycling Entsorgung Sicherheit Textil Mode Handel Großhandel Import Vertrieb Service"
)
FRONTS = _words(
    "Autohaus Hotel Gasthof Praxis Kanzlei Apotheke Bäckerei Metzgerei Tischlerei Fahrschule Restaurant "
    "Ingenieurbüro Architekturbüro Pflegeheim Kita Zahnarztpraxis Weingut Baumschule"
)
BRANDS = _words(
    "Nordkauf Frischkorb Brotwerk Techpunkt Sehgut Hörnah Möbelring Baufuchs Gartenwelt Drogo Kaffeezeit "
    "Blumenecke Reifenblitz Fitpark Schuhtreff Zoohaus Spielkiste Teeladen Handyshop Backparadies"
)
FANTASY = _words(
    "Nova Rhein Ruhr Alpha Omega Via Terra Aqua Tec Pro Inno Multi Euro Inter Trans Hansa Nord Süd West Ost "
    "Alpen Isar Elbe Weser Main Neckar Donau Spree Lux Vita Medi Opti Dyna Sigma Delta Kon Sol Agri Urban"
)
LEGAL = (
    ("GmbH", 46),
    ("GmbH & Co. KG", 16),
    ("KG", 5),
    ("AG", 3),
    ("UG (haftungsbeschränkt)", 4),
    ("e.K.", 6),
    ("OHG", 2),
    ("GbR", 5),
    ("e.V.", 3),
    ("", 10),
)
# Name, beginning of its postcodes, area code, inhabitants in thousands.
CITIES = (
    ("Berlin", "10", "030", 3600), ("Berlin", "12", "030", 1800), ("Hamburg", "20", "040", 900),
    ("Hamburg", "22", "040", 900), ("München", "80", "089", 800), ("München", "81", "089", 700),
    ("Köln", "50", "0221", 1080), ("Frankfurt am Main", "60", "069", 760), ("Stuttgart", "70", "0711", 630),
    ("Düsseldorf", "40", "0211", 620), ("Leipzig", "04", "0341", 600), ("Dortmund", "44", "0231", 590),
    ("Essen", "45", "0201", 580), ("Bremen", "28", "0421", 570), ("Dresden", "01", "0351", 560),
    ("Hannover", "30", "0511", 540), ("Nürnberg", "90", "0911", 520), ("Duisburg", "47", "0203", 500),
    ("Bochum", "44", "0234", 365), ("Wuppertal", "42", "0202", 355), ("Bielefeld", "33", "0521", 335),
    ("Bonn", "53", "0228", 330), ("Münster", "48", "0251", 315), ("Mannheim", "68", "0621", 310),
    ("Karlsruhe", "76", "0721", 305), ("Augsburg", "86", "0821", 295), ("Wiesbaden", "65", "0611", 280),
    ("Mönchengladbach", "41", "02161", 260), ("Gelsenkirchen", "45", "0209", 260),
    ("Aachen", "52", "0241", 250),
    ("Braunschweig", "38", "0531", 250), ("Chemnitz", "09", "0371", 245), ("Kiel", "24", "0431", 245),
    ("Halle (Saale)", "06", "0345", 240), ("Magdeburg", "39", "0391", 235),
    ("Freiburg im Breisgau", "79", "0761", 230),
    ("Krefeld", "47", "02151", 225), ("Mainz", "55", "06131", 220), ("Lübeck", "23", "0451", 215),
    ("Erfurt", "99", "0361", 213), ("Oberhausen", "46", "0208", 210), ("Rostock", "18", "0381", 209),
    ("Kassel", "34", "0561", 200), ("Hagen", "58", "02331", 188), ("Potsdam", "14", "0331", 183),
    ("Saarbrücken", "66", "0681", 180), ("Hamm", "59", "02381", 179),
    ("Ludwigshafen am Rhein", "67", "0621", 172),
    ("Oldenburg", "26", "0441", 170), ("Osnabrück", "49", "0541", 165), ("Leverkusen", "51", "0214", 163),
    ("Heidelberg", "69", "06221", 159), ("Darmstadt", "64", "06151", 159), ("Solingen", "42", "0212", 159),
    ("Regensburg", "93", "0941", 153), ("Paderborn", "33", "05251", 152), ("Ingolstadt", "85", "0841", 138),
    ("Würzburg", "97", "0931", 127), ("Ulm", "89", "0731", 126), ("Heilbronn", "74", "07131", 126),
    ("Göttingen", "37", "0551", 117), ("Reutlingen", "72", "07121", 116), ("Koblenz", "56", "0261", 114),
    ("Trier", "54", "0651", 111), ("Siegen", "57", "0271", 102), ("Cottbus", "03", "0355", 99),
    ("Flensburg", "24", "0461", 90), ("Konstanz", "78", "07531", 84), ("Passau", "94", "0851", 53),
)  # fmt: skip
TOWN_FRONTS = _words(
    "Ober Unter Neu Alt Groß Klein Nieder Bad_ Hohen Langen Schön Wolfs Königs Linden Eichen"
)
TOWN_ENDS = _words(
    "hausen heim dorf burg bach feld berg ried stetten walde furt kirchen au see moor born hagen rode"
)
STREETS = _words(
    "Hauptstraße Bahnhofstraße Dorfstraße Schulstraße Gartenstraße Bergstraße Lindenstraße Kirchstraße "
    "Waldstraße Ringstraße Schillerstraße Goethestraße Mühlenweg Industriestraße Gewerbestraße Am_Markt "
    "Marktplatz Mozartstraße Beethovenstraße Friedhofstraße Birkenweg Buchenweg Ahornweg Wiesenweg "
    "Feldstraße Poststraße Rosenstraße Bismarckstraße Friedrich-Ebert-Straße Berliner_Straße Kölner_Straße "
    "Frankfurter_Straße Münchener_Straße Hamburger_Allee Lessingstraße Rathausplatz Im_Gewerbepark "
    "An_der_Bahn Zum_Hafen Robert-Bosch-Straße Siemensstraße Daimlerstraße Otto-Hahn-Straße Max-Planck-Ring "
    "Konrad-Adenauer-Allee Westring Südring Nordwall Uferstraße Jahnstraße"
)
STREET_ENDS = _words("straße straße straße weg weg allee platz ring gasse damm")
FREE_MAIL = ("gmail.com", "web.de", "gmx.de", "t-online.de", "outlook.de", "freenet.de")
ABBREVIATIONS = {
    "Gebäudereinigung": "Gebäuderein.",
    "Maschinenbau": "Masch.bau",
    "Elektrotechnik": "Elektrotechn.",
    "Immobilien": "Immob.",
    "Transporte": "Transp.",
    "Gebrüder": "Gebr.",
    "Ingenieurbüro": "Ing.-Büro",
    "Versicherungen": "Vers.",
}
