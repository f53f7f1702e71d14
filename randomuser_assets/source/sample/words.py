"""What the stand-in's people are made of: the vocabulary of each nation, and the API's fixed lists.

Here belong words and shapes: names, streets, cities, how a phone number, a postcode or a document
number looks in each nation, time zones, passwords. Much of it is awkward on purpose, as the API's
own data is: blanks at the ends, double blanks, quotation marks, apostrophes, right-to-left text,
words that readers take for numbers or for nothing. Not here: choosing among them (`people`) and
making JSON of them (`tables`).

Lists are written as one text with `|` between the words, because a blank may be part of a word.
In a mask `#` stands for a digit and `@` for a capital letter.
"""

from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


def _surnames(stems: str, endings: str) -> tuple[str, ...]:
    return tuple(stem + ending for stem in _words(stems) for ending in _words(endings))


def _span(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, last + 1))


@dataclass(frozen=True)
class Mask:
    """A shape for numbers: one of `heads`, then `tail` with its `#` and `@` filled in."""

    tail: str
    heads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nation:
    """One nation's vocabulary and shapes; the first two of its names are its common ones."""

    code: str
    country: str
    men: tuple[str, ...]
    women: tuple[str, ...]
    surnames: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    states: tuple[str, ...]
    phone: Mask
    cell: Mask
    postcode: Mask = Mask("###", _span(10, 99))  # five digits, no leading zero
    postcode_is_text: bool = False
    document: str = ""
    document_number: Mask | None = None
    male_titles: tuple[str, ...] = ("Mr",)
    female_titles: tuple[str, ...] = ("Miss", "Mrs", "Ms")


_DIGITS_3_3_4 = Mask("(###)-###-####")

NATIONS: tuple[Nation, ...] = (
    Nation(
        code="AU",
        country="Australia",
        men=_words(
            "Jack|Oliver|Angus|Bryce|Callum|Darcy|Ewan|Flynn|Gordon|Hamish|Ivan|Jarrah|Kane|Lachlan"
            "|Marcus|Nate|Oscar|Patrick|Reuben|Stuart|Toby|Wade"
        ),
        women=_words(
            "Matilda|Ruby|Adele|Bronte|Cassie|Daisy|Elsie|Fiona|Gemma|Hazel|Imogen|Jasmine|Kirra"
            "|Lorna|Maisie|Nerida|Olive|Poppy|Rhonda|Sienna|Tahlia|Willow"
        ),
        surnames=_words("Jones|Taylor|O'Brien|O'Shea")
        + _surnames(
            "Ash|Black|Brad|Broad|Clay|Dray|Ed|Fair|Green|Hart|King|Long|Marsh|Red",
            "bourne|brook|burn|den|field|ford|ham|ley|man|more|ton|wood|worth",
        ),
        streets=_words(
            "Acacia Ave|Banksia St|Bottlebrush Cres|Cockatoo Rd|Gum Tree Dr|Jetty Rd|Lighthouse Rd"
            "|Old  Mill Rd|Quarry Ln|Wattle St"
        ),
        cities=_words(
            "Albury|Broome|Coffs Harbour|Devonport|Fremantle|Geelong|Karratha|Launceston|Mildura"
            "|Port Macquarie|Wagga Wagga|Whyalla"
        ),
        states=_words(
            "Australian Capital Territory|New South Wales|Northern Territory|Queensland"
            "|South Australia|Tasmania|Victoria|Western Australia"
        ),
        phone=Mask("#-####-####", ("0",)),
        cell=Mask("##-###-###", ("04",)),
        postcode=Mask("##", _span(2, 89)),
        document="TFN",
        document_number=Mask("#########"),
    ),
    Nation(
        code="BR",
        country="Brazil",
        men=_words(
            "Thiago|João|Adalberto|Bento|Caetano|Davi|Estêvão|Fábio|Gaspar|Heitor|Inácio|Jonas"
            "|Laércio|Moacir|Nélson|Otávio|Plínio|Raul|Sílvio|Tomé|Ubirajara|Vítor"
        ),
        women=_words(
            "Luana|Conceição|Aline|Beatriz|Cecília|Débora|Elaine|Fátima|Graça|Helena|Iracema"
            "|Jussara|Lúcia|Márcia|Noêmia|Odete|Patrícia|Rosângela|Sônia|Tainá|Vânia|Zilda"
        ),
        surnames=_words("da Silva|Souza|dos Santos|de Araújo")
        + _surnames(
            "|da |das |de ",
            "Almeida|Assunção|Batista|Borges|Brandão|Cavalcanti|Conceição|Esteves|Falcão|Furtado"
            "|Guimarães|Leitão|Lobo|Magalhães|Meireles|Neves|Paixão|Queirós|Ramalho|Salgado"
            "|Teles|Valadão|Vasconcelos|Ximenes|Zanetti",
        ),
        streets=_words(
            "Rua Amazonas |Rua das Acácias |Rua Bela Vista |Rua Dom Pedro II |Rua do Comércio "
            "|Rua Paraná |Rua Sete de Setembro|Rua Treze de Maio |Avenida Brasil|Rua São Jorge "
        ),
        cities=_words(
            "Anápolis|Blumenau|Caruaru|Divinópolis|Feira de Santana|Goiânia|Ilhéus|Jundiaí"
            "|Ouro Preto|Santa Bárbara d'Oeste|Teresina|Uberlândia"
        ),
        states=_words(
            "Alagoas|Amazonas|Ceará|Espírito Santo|Goiás|Mato Grosso|Pará|Paraná|Pernambuco"
            "|Rondônia|Santa Catarina|São Paulo|Sergipe"
        ),
        phone=Mask("(##) ####-####"),
        cell=Mask("(##) ####-####"),
        document="CPF",
        document_number=Mask("###.###.###-##"),
    ),
    Nation(
        code="CA",
        country="Canada",
        men=_words(
            "Liam|Étienne|Alphonse|Benoît|Cédric|Dominic|Émile|Félix|Gaétan|Hubert|Isaac|Jérôme"
            "|Karl|Leonard|Maxime|Noel|Owen|Philippe|Rémi|Simon|Tristan|Wyatt"
        ),
        women=_words(
            "Emma|Chloé|Adèle|Brigitte|Camille|Danika|Élodie|Florence|Geneviève|Hannah|Isabelle"
            "|Joëlle|Keira|Léa|Maude|Noémie|Océane|Paige|Renée|Solange|Thérèse|Vivian"
        ),
        surnames=_words("Tremblay|MacNeil|D'Amours|St-Onge")
        + _surnames(
            "Beau|Bel|Bon|Cham|Clair|Du|La|Mac|Mont|Saint-",
            "bois|bert|champ|court|fort|land|lieu|maître|mont|pré|rivière|ton|val|ville",
        ),
        streets=_words(
            "Aspen Way|Côte-Sainte-Anne|8th Line E|Frontenac St|Harbour Rd|Lakeview Blvd"
            "|Rue de l'Érablière|Mill St, Unit 4|Tamarack Ave|Victoria Ave"
        ),
        cities=_words(
            "Baie-Comeau|Charlottetown|Dawson Creek|Fort St. John|Kamloops|Moose Jaw|Nanaimo"
            "|St. John's|Thunder Bay|Val-d'Or|Whitehorse|Yarmouth"
        ),
        states=_words(
            "Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland and Labrador"
            "|Northwest Territories|Nova Scotia|Nunavut|Ontario|Prince Edward Island|Québec"
            "|Saskatchewan|Yukon"
        ),
        phone=Mask("@## @##-####"),
        cell=Mask("@## @##-####"),
        postcode=Mask("@#@ #@#"),
        postcode_is_text=True,
        document="SIN",
        document_number=Mask("#########"),
    ),
    Nation(
        code="CH",
        country="Switzerland",
        men=_words(
            "Luca|Beat|Alois|Blaise|Corsin|Didier|Erwin|Flurin|Gian|Hansjörg|Ivo|Jean-Marc|Kilian"
            "|Loïc|Matteo|Nicola|Oskar|Pascal|Reto|Sandro|Ueli|Wendelin"
        ),
        women=_words(
            "Mia|Anne-Lise|Annina|Béatrice|Chiara|Désirée|Elin|Flavia|Gisèle|Heidi|Ilaria|Jeannine"
            "|Klara|Livia|Madlaina|Nadine|Ornella|Priska|Regula|Seraina|Ursina|Verena"
        ),
        surnames=_words("Müller|Meier|D'Agostini|von Allmen")
        + _surnames(
            "Aeb|Amm|Bärt|Bürg|Egg|Frei|Gäh|Hür|Küh|Lüth|Mäg|Nüss|Rüt|Zür",
            "acher|eler|enberger|ermann|i|iger|iker|imann|inger|ischi|li|mann|ti|wiler",
        ),
        streets=_words(
            "Alpenblick|Bahnhofstrasse|Chemin de l'Étang|Dorfstrasse|Grand-Rue|Rue d'Italie"
            "|Seeweg|Via Cantonale|Vicolo dell'Orto|Zum Gwätt"
        ),
        cities=_words(
            "Aigle|Bellinzona|Chur|Delémont|Einsiedeln|La Chaux-de-Fonds|L'Abbaye|Murten|Nyon"
            "|Rüti (ZH)|Stein am Rhein|Zürich"
        ),
        states=_words(
            "Appenzell Ausserrhoden|Basel-Landschaft|Bern|Genève|Glarus|Graubünden|Jura|Luzern"
            "|Neuchâtel|Nidwalden|Schwyz|Solothurn|St. Gallen|Ticino|Valais|Vaud|Zug|Zürich"
        ),
        phone=Mask(" ### ## ##", ("075", "076", "077", "078", "079")),
        cell=Mask(" ### ## ##", ("075", "076", "077", "078", "079")),
        postcode=Mask("##", _span(10, 99)),
        document="AVS",
        document_number=Mask("756.####.####.##"),
        male_titles=("Monsieur",),
        female_titles=("Mademoiselle", "Madame"),
    ),
    Nation(
        code="DE",
        country="Germany",
        men=_words(
            "Jonas|Jürgen|Anton|Björn|Carsten|Dietmar|Egon|Falk|Götz|Henning|Ingo|Jörg|Korbinian"
            "|Lothar|Malte|Norbert|Ole|Piet|Rüdiger|Sönke|Thorsten|Wolfram"
        ),
        women=_words(
            "Lena|Käthe|Annegret|Birte|Christel|Dörte|Edeltraud|Frauke|Gerlinde|Hannelore|Ilse"
            "|Jördis|Karla|Lieselotte|Mareike|Nele|Ottilie|Petra|Rosemarie|Sigrid|Tomke|Wiebke"
        ),
        surnames=_words("Schröder|Weiß|von der Heide|Özdemir")
        + _surnames(
            "Acker|Berg|Brück|Dorn|Fürst|Grün|Hof|Kirch|Löwen|Mühl|Nieder|Ober|Stein|Wald",
            "bauer|beck|berger|brand|eder|feld|hauer|haus|hofer|mann|meier|ner|stein|thal",
        ),
        streets=_words(
            "Ahornallee|Am Mühlbach|Bergstraße|Birkenweg|Feldstraße|Goethestraße|Lindenallee"
            "|Marktplatz|Straße des 17. Juni|Zum Grünen Kranz"
        ),
        cities=_words(
            "Aurich|Bad Tölz|Celle|Döbeln|Frankfurt (Oder)|Görlitz|Husum|Köthen|Neustadt a.d. Aisch"
            "|Preußisch Oldendorf|Überlingen|Weißwasser/O.L."
        ),
        states=_words(
            "Baden-Württemberg|Bayern|Berlin|Brandenburg|Bremen|Hamburg|Hessen"
            "|Mecklenburg-Vorpommern|Niedersachsen|Nordrhein-Westfalen|Rheinland-Pfalz|Saarland"
            "|Sachsen|Sachsen-Anhalt|Schleswig-Holstein|Thüringen"
        ),
        phone=Mask("###-#######", ("0",)),
        cell=Mask("#-#######", ("017",)),
        document="SVNR",
        document_number=Mask(" ###", tuple(f"{area:02d} " for area in range(2, 90))),
    ),
    Nation(
        code="DK",
        country="Denmark",
        men=_words(
            "Søren|Mads|Asger|Bjarne|Carl|Dan|Esben|Frode|Gorm|Henrik|Ivar|Jørgen|Kjeld|Lasse"
            "|Mogens|Niels|Ove|Palle|Rune|Sejer|Troels|Aage"
        ),
        women=_words(
            "Ida|Kirsten|Astrid|Bodil|Cecilie|Dorthe|Ellen|Fie|Grethe|Hanne|Inge|Jytte|Karen"
            "|Lærke|Maren|Nan|Oda|Pernille|Rikke|Sofie|Tove|Ulla"
        ),
        surnames=_words("Rasmussen|Møller|Østergaard|Bak Kjær")
        + _surnames(
            "Ander|Bro|Bøg|Dal|Eg|Ene|Fri|Høj|Kjær|Lund|Nør|Skov|Sten|Ved",
            "bæk|berg|by|feldt|gaard|holm|holt|løkke|sen|skov|strup|toft|vang",
        ),
        streets=_words(
            "Bakkegårdsvej|Drosselvej|Engvænget|Fjordgade|Havnegade|Kløvermarken|Præstebakken"
            "|Rosenvænget|Smedegade|Åboulevarden"
        ),
        cities=_words(
            "Aarup|Billund|Ebeltoft|Faaborg|Hjørring|Kerteminde|Løgstør|Nykøbing F|Rønne|Skagen "
            "|Tønder|Ærøskøbing"
        ),
        states=_words("Danmark|Hovedstaden|Midtjylland|Nordjylland|Sjælland|Syddanmark"),
        phone=Mask("########"),
        cell=Mask("########"),
        document="CPR",
        document_number=Mask("-####", ("",)),
    ),
    Nation(
        code="ES",
        country="Spain",
        men=_words(
            "Pablo|José|Adrián|Baltasar|César|Domingo|Emilio|Fermín|Germán|Hugo|Íñigo|Jacinto"
            "|Lázaro|Martín|Nicolás|Óscar|Pelayo|Ramón|Sergio|Tomás|Unai|Xoán"
        ),
        women=_words(
            "Lucía|Begoña|Ainhoa|Blanca|Candela|Dolores|Elvira|Fabiola|Gloria|Herminia|Inés"
            "|Jimena|Lourdes|Montserrat|Nuria|Olalla|Purificación|Rocío|Soledad|Triana|Úrsula|Ximena"
        ),
        surnames=_words("García|Núñez|de la Peña|D'Ors")
        + _surnames(
            "Alvar|Benít|Dom|Fernánd|Gonzál|Hernánd|Ibáñ|Jimén|Lóp|Mart|Ordóñ|Pér|Sánch|Velázqu",
            "ales|ara|edo|era|ero|eta|ez|illo|ín|iz|ola|oso|ueña",
        ),
        streets=_words(
            "Avenida de la Constitución|Calle de la Luna|Calle de Serrano|Calle del Pez"
            "|Calle Mayor|Camino Viejo, s/n|Paseo de Gracia|Plaza de España|Ronda de Segovia"
            "|Travesía de l'Alba"
        ),
        cities=_words(
            "Almería|Badajoz|Cáceres|Donostia|Elche/Elx|Fuenlabrada|Huesca|Jaén|Lugo|Ponferrada"
            "|L'Hospitalet de Llobregat|Zamora"
        ),
        states=_words(
            "Aragón|Asturias|Castilla la Mancha|Canarias|Comunidad de Madrid|Comunidad Valenciana"
            "|Extremadura|Islas Baleares|Melilla|Navarra|País Vasco"
        ),
        phone=Mask("##-###-###", ("9",)),
        cell=Mask("##-###-###", ("6",)),
        document="DNI",
        document_number=Mask("########-@"),
    ),
    Nation(
        code="FI",
        country="Finland",
        men=_words(
            "Onni|Väinö|Antti|Arvo|Eero|Harri|Ilmari|Jorma|Kalevi|Lasse|Mikko|Niilo|Olavi|Pentti"
            "|Reijo|Seppo|Teemu|Urho|Viljo|Yrjö|Åke|Kyösti"
        ),
        women=_words(
            "Helmi|Päivi|Anneli|Eeva|Hilkka|Irja|Jaana|Kaarina|Leena|Maarit|Nanna|Oona|Pirkko"
            "|Riitta|Saara|Tuulikki|Ulpu|Vappu|Ylva|Aila|Sirpa|Terttu"
        ),
        surnames=_words("Korhonen|Mäkinen|af Björkesten|Yli-Hännilä")
        + _surnames(
            "Ala|Haapa|Hei|Jär|Kallio|Koivu|Lahti|Leino|Metsä|Niemi|Ranta|Salo|Vuori|Ylä",
            "kangas|kari|koski|la|lainen|luoto|mäki|nen|niitty|oja|pää|saari|talo|virta",
        ),
        streets=_words(
            "Aleksanterinkatu|Fredrikinkatu|Hämeentie|Itsenäisyydenkatu|Kalevantie"
            "|Pispalan valtatie|Satamakatu|Tehtaankatu|Visiokatu|Yliopistonkatu"
        ),
        cities=_words(
            "Äänekoski|Forssa|Hämeenlinna|Inari|Jyväskylä|Kuusamo|Loviisa|Mänttä-Vilppula|Oulu"
            "|Pyhäjärvi|Rauma|Utsjoki"
        ),
        states=_words(
            "Central Finland|Finland Proper|Kainuu|Kymenlaakso|Lapland|North Karelia"
            "|Northern Savonia|Pirkanmaa|Päijät-Häme|Satakunta|Tavastia Proper|Uusimaa|Åland"
        ),
        phone=Mask("-###-###", ("02", "03", "04", "05", "06", "07", "08", "09")),
        cell=Mask("#-###-##-##", ("04",)),
        document="HETU",
        # The API adds up parts that are not numbers, and only three digits are left of it.
        document_number=Mask("###undefined", ("NaNNA",)),
    ),
    Nation(
        code="FR",
        country="France",
        men=_words(
            "Hugo|Léo|Anatole|Barnabé|Côme|Désiré|Édouard|François|Gaël|Honoré|Ignace|Jérémie"
            "|Kévin|Loïs|Mathéo|Noël|Octave|Pierre-Yves|Rémy|Sacha|Théo|Yann"
        ),
        women=_words(
            "Manon|Zoé|Aurélie|Bérénice|Capucine|Diane|Éloïse|Fanny|Garance|Hélène|Inès|Jade"
            "|Lison|Maëlys|Noëlie|Ophélie|Pénélope|Romane|Salomé|Tiphaine|Violette|Anaïs"
        ),
        surnames=_words("Martin|Lefèvre|d'Aubigné|L'Hermite")
        + _surnames(
            "Bar|Beau|Bou|Char|Cor|Dela|Fon|Gau|Lam|Mar|Pel|Rou|Saul|Vau",
            "bier|cher|delle|gnon|lain|let|nier|pentier|quet|rand|sseau|taine|thier|vert",
        ),
        streets=_words(
            "Allée des Tilleuls|Avenue de l'Opéra|Boulevard Voltaire|Chemin du Moulin"
            "|Impasse de l'Abreuvoir|Place de la République|Quai d'Orsay|Rue des Écoles"
            "|Rue du Puits|Rue Émile Zola"
        ),
        cities=_words(
            "Aix-en-Provence|Besançon|Cholet|Évreux|L'Haÿ-les-Roses|Nîmes|Orléans|Pau"
            "|Saint-Étienne|Troyes|Villeneuve-d'Ascq|Y"
        ),
        states=_words(
            "Ardèche|Aude|Bas-Rhin|Corse-du-Sud|Côte-d'Or|Côtes-d'Armor|Finistère|Gironde|Hérault"
            "|Isère|La Réunion|Loir-et-Cher|Puy-de-Dôme|Savoie|Val-d'Oise|Var|Yonne"
        ),
        phone=Mask("#-##-##-##-##", ("0",)),
        cell=Mask("-##-##-##-##", ("06",)),
        document="INSEE",
        document_number=Mask("######## ##", ("",)),
    ),
    Nation(
        code="GB",
        country="United Kingdom",
        men=_words(
            "Harry|George|Alistair|Barnaby|Cyril|Desmond|Edmund|Fergus|Gareth|Humphrey|Ivor"
            "|Jeremy|Kenneth|Leonard|Malcolm|Nigel|Oswald|Percy|Rhys|Seamus|Trevor|Winston"
        ),
        women=_words(
            "Olivia|Nan|Agnes|Beryl|Cordelia|Doris|Elspeth|Freya|Gwendolyn|Harriet|Iris|Jocelyn"
            "|Kirsty|Lottie|Mabel|Nerys|Octavia|Primrose|Rowena|Sybil|Tabitha|Winifred"
        ),
        surnames=_words("Smith|Evans|O'Neill|True")
        + _surnames(
            "Ald|Bex|Brom|Cran|Dun|Els|Far|Hales|Kirk|Lang|Mor|Pem|Roth|Thorn",
            "bury|by|don|ford|ham|hurst|leigh|ley|stead|stone|ton|well|wick|worth",
        ),
        streets=_words(
            "Abbey Road|Chapel Lane|Church  Street|Duke’s Drive|High Street|King's Mews"
            "|Mill Lane|Orchard Close|St. Agnes’ Road|The Old Forge, Back Lane|Victoria Terrace"
        ),
        cities=_words(
            "Bishop's Stortford|Bury St Edmunds|Dundee|Ely|Hay-on-Wye|Inverness|King's Lynn|Leeds"
            "|Londonderry|Newport, Isle of Wight|Swansea|Westward Ho!"
        ),
        states=_words(
            "Berkshire|Central|Cleveland|Cornwall|County Antrim|Cumbria|Dorset|Durham|Gwent"
            "|Highlands and Islands|Kent|Norfolk|Powys|Somerset|South Yorkshire|West Midlands"
        ),
        phone=Mask(
            "#####",
            _words(
                "015394 |016973 |017683 |019467 |01875 |01253 3|026 5454 |0111095 959 |023 9920 "
                "|0131 49"
            ),
        ),
        cell=Mask("### ######", ("07",)),
        postcode=Mask(
            " #@@",
            _words(
                "B25|BD3|CF10|DH1|E1W|EH7|FF7R|G54|IV2|JZ17|LL57|M4|N1C|O46|S4|SW1A|T6|TR19|YO1"
            ),
        ),
        postcode_is_text=True,
        document="NINO",
        document_number=Mask("@@ ## ## ## @"),
    ),
    Nation(
        code="IE",
        country="Ireland",
        men=_words(
            "Conor|Pádraig|Aidan|Brendan|Cillian|Declan|Eoin|Fintan|Gerard|Hugh|Jarlath|Kieran"
            "|Lorcan|Malachy|Niall|Oisín|Páraic|Ronan|Seán|Tadhg|Turlough|Ultan"
        ),
        women=_words(
            "Aoife|Niamh|Bríd|Caoimhe|Deirdre|Éabha|Fionnuala|Gráinne|Ita|Josephine|Keelin|Líadan"
            "|Maeve|Nuala|Orla|Philomena|Róisín|Saoirse|Treasa|Úna|Sinéad|Mairéad"
        ),
        surnames=_words("Murphy|O'Sullivan|Ní Dhomhnaill|de Búrca")
        + _surnames(
            "O'|Mc|Mac |Fitz|",
            "Adam|Brennan|Carthy|Corrigan|Daly|Devlin|Donnell|Farrell|Flynn|Gerald|Gibbon|Grath"
            "|Hara|Kenna|Leary|Mahon|Maurice|Nulty|Patrick|Quillan|Rourke|Shane|Simons|Toole"
            "|Walter|William",
        ),
        streets=_words(
            "Bridge Street|Dublin Road|Friar's Lane|Harcourt Street|Main Street|Mill Road"
            "|O'Connell Street|Patrick Street|Pearse Road|Strand Road"
        ),
        cities=_words(
            "Athlone|Ballina|Carrick-on-Shannon|Cobh|Dún Laoghaire|Ennis|Letterkenny|Mullingar"
            "|Nenagh|Thurles|Tralee|Youghal"
        ),
        states=_words(
            "Cavan|Clare|Cork|Fingal|Kerry|Kildare|Kilkenny|Laois|Leitrim|Limerick|Longford|Louth"
            "|Mayo|Meath|Monaghan|Offaly|South Dublin|Waterford"
        ),
        phone=Mask("-###-####", ("011", "021", "031", "041", "051", "061", "071")),
        cell=Mask("###-####", ("081-",)),
        document="PPS",
        document_number=Mask("#######T"),
    ),
    Nation(
        code="IN",
        country="India",
        men=_words(
            "Arjun|Rahul|Amol|Bhavesh|Chirag|Dev|Eshan|Farhan|Gautam|Hemant|Ishaan|Jatin|Kunal"
            "|Lokesh|Manish|Naveen|Omkar|Pranav|Rajesh|Sanjay|Tejas|Vikram"
        ),
        women=_words(
            "Ananya|Priya|Aditi|Bhavna|Chandni|Divya|Ekta|Falguni|Gauri|Hema|Indira|Jyoti|Kiran"
            "|Lata|Meera|Nandini|Ojaswi|Pooja|Radha|Sunita|Tanvi|Vidya"
        ),
        surnames=_words("Sharma|Gupta|D'Souza|Das")
        + _surnames(
            "Adi|Bala|Chandra|Deva|Gopal|Hari|Jaya|Kala|Maha|Nara|Raja|Rama|Shiva|Vija",
            "gar|jan|kar|kumar|lal|murthy|nath|patil|prasad|rao|reddy|singh|swamy|yan",
        ),
        streets=_words(
            "Anna Salai|Brigade Rd|Chandni Chowk|Hill Rd|Jubilee Hills|Lake Town, Block A|Mall Rd"
            "|Nehru Marg|Park St|Station Rd"
        ),
        cities=_words(
            "Agartala|Bhopal|Coimbatore|Dehradun|Guntur|Imphal|Jodhpur|Kochi|Mysore|Nashik"
            "|Siliguri|Udaipur"
        ),
        states=_words(
            "Andhra Pradesh|Arunachal Pradesh|Assam|Bihar|Chandigarh|Goa|Gujarat|Jharkhand"
            "|Lakshadweep|Maharashtra|Manipur|Nagaland|Odisha|Punjab|Sikkim|Tamil Nadu"
        ),
        phone=Mask("#########", ("7", "8", "9")),
        cell=Mask("#########", ("7", "8", "9")),
        document="UIDAI",
        document_number=Mask("############"),
    ),
    Nation(
        code="IR",
        country="Iran",
        men=_words(
            "امیر|رضا|آرش|بهرام|پوریا|جمشید|حسام|خسرو|داریوش|رامین|سعید|شایان|فرهاد|کوروش|كيان"
            "|مهدی|نیما|هومن|یاشار|علی\u200cرضا|محمد\u200cجواد|غلام\u200cحسین"
        ),
        women=_words(
            "زهرا|مریم|آزاده|بهاره|پروانه|ترانه|ثریا|خاطره|درسا|رویا|ژاله|سارا|شیرین|فرشته|کیمیا"
            "|گلناز|لادن|مینا|نرگس|ویدا|هستی|یلدا"
        ),
        surnames=_words("محمدی|حسینی|میر\u200cدامادی|پور\u200cآذر")
        + _surnames(
            "ابراهیم|اکبر|اسد|بهرام|جعفر|حیدر|رستم|سلیمان|شریف|طاهر|فریدون|قاسم|کاظم|یوسف",
            "ی|یان|\u200cزاده|\u200cپور|\u200cنژاد|\u200cنیا|\u200cفر|\u200cخانی|\u200cوند"
            "|ی تهرانی|ی راد|ی شیرازی",
        ),
        streets=_words(
            "ولیعصر|انقلاب|شهید بهشتی|میرزای شیرازی|کریم\u200cخان زند|پانزده خرداد"
            "|شهید دکتر فاطمی|میدان آزادی|سی\u200cمتری نیروی هوایی|گلستان"
        ),
        cities=_words(
            "آمل|اراک|اردبیل|بابل|بندر\u200cعباس|خرم\u200cآباد|دزفول|رشت|زاهدان|شیراز|قم|کرج"
        ),
        states=_words(
            "آذربایجان غربی|اردبیل|البرز|خوزستان|سمنان|سیستان و بلوچستان|قزوین|قم|کردستان|کرمان"
            "|کهگیلویه و بویراحمد|گلستان|گیلان|لرستان|مازندران|هرمزگان"
        ),
        phone=Mask("##-########", ("0",)),
        cell=Mask("##-###-####", ("09",)),
    ),
    Nation(
        code="MX",
        country="Mexico",
        men=_words(
            "Diego|Jesús|Abelardo|Benito|Cuauhtémoc|Darío|Efraín|Fidel|Gonzalo|Horacio|Ismael"
            "|Joaquín|Leobardo|Moisés|Nahúm|Omar|Porfirio|Rubén|Saúl|Teófilo|Ulises|Xicoténcatl"
        ),
        women=_words(
            "Guadalupe|Ximena|Amalia|Berenice|Citlali|Delfina|Esperanza|Fernanda|Griselda|Hortensia"
            "|Itzel|Julieta|Leticia|Marisol|Noemí|Ofelia|Paloma|Raquel|Socorro|Tonantzin|Yolanda"
            "|Zenaida"
        ),
        surnames=_words("Hernández|Martínez|de la O|Peña y Lillo")
        + _surnames(
            "Agui|Bal|Car|Del|Esco|Fig|Gal|Juá|Mal|Ola|Que|Ro|Sal|Va",
            "bedo|dera|gado|llanos|mendi|nza|queda|quero|rdo|rez|sales|tes|varez|zar",
        ),
        streets=_words(
            "Andador Cedro|Avenida Insurgentes|Boulevard Díaz Ordaz|Calle 5 de Febrero"
            "|Calle Benito Juárez|Callejón del Beso|Calzada Independencia|Cerrada Las Palmas"
            "|Prolongación Hidalgo|Retorno Quetzal"
        ),
        cities=_words(
            'Colonia ""La Paloma""|Cholula|Dolores Hidalgo|Ejido Emiliano Zapata, Sur'
            "|Ixtapan de la Sal|Jerez de García Salinas|La Paz|Pátzcuaro|San Juan  del Río"
            "|Tecate|Valle de Bravo (El Mirador)|Zihuatanejo"
        ),
        states=_words(
            "Baja California|Baja California Sur|Campeche|Chiapas|Ciudad de México|Coahuila|Colima"
            "|Guanajuato|Guerrero|Hidalgo|Nayarit|Nuevo León|Oaxaca|Puebla|Querétaro|Quintana Roo"
            "|San Luis Potosí|Sonora|Tabasco|Tamaulipas|Tlaxcala|Yucatán|Zacatecas"
        ),
        phone=Mask("##) ### ####", ("(6",)),
        cell=Mask("##) ### ####", ("(6",)),
        document="NSS",
        document_number=Mask("## ## ## #### #"),
    ),
    Nation(
        code="NL",
        country="Netherlands",
        men=_words(
            "Daan|Sjoerd|Adriaan|Bram|Cornelis|Dirk|Evert|Freek|Gijs|Hidde|IJsbrand|Joost|Klaas"
            "|Lieuwe|Maarten|Niek|Okke|Pepijn|Reinier|Sven|Teun|Wessel"
        ),
        women=_words(
            "Sanne|Fleur|Aafke|Bregje|Coby|Dieuwertje|Esmée|Femke|Geertruida|Hilde|Imke|Janneke"
            "|Karlijn|Lotte|Marijke|Noor|Oukje|Puck|Roelien|Saskia|Trijntje|Zoë"
        ),
        surnames=_words("de Jong|Bakker|van 't Hoff|in 't Veld")
        + _surnames(
            "|Van |Van den |Van der |Ter |Ten ",
            "Aa|Beek|Berg|Boom|Brink|Broek|Dam|Dijk|Haar|Heuvel|Horst|Kamp|Kolk|Laan|Linden|Meer"
            "|Molen|Poel|Spek|Steen|Velde|Ven|Wal|Weide|Werf|Zande",
        ),
        streets=_words(
            "Achterweg|Boterdiep|Dorpsstraat|Eikenlaan|Gerard Doustraat|Havenkade|'t Hofke"
            "|Koninginneweg|Lange Nieuwstraat|Oude Gracht"
        ),
        cities=_words(
            " Almere|Bergen op Zoom|Delfzijl|Franeker|Gorinchem|Ĳsselstein|Kerkrade"
            "|'s-Hertogenbosch|'t Zand|Urk|Veere|Zutphen"
        ),
        states=_words(
            "Drenthe|Flevoland|Friesland|Gelderland|Groningen|Limburg|Noord-Brabant|Noord-Holland"
            "|Overijssel|Utrecht|Zeeland|Zuid-Holland"
        ),
        phone=_DIGITS_3_3_4,
        cell=_DIGITS_3_3_4,
        document="BSN",
        document_number=Mask("########"),
    ),
    Nation(
        code="NO",
        country="Norway",
        men=_words(
            "Lars|Bjørn|Arne|Børge|Dag|Eirik|Frode|Geir|Håkon|Iver|Jostein|Kåre|Leif|Magnus|Njål"
            "|Odd|Pål|Roar|Sindre|Torbjørn|Vidar|Øystein"
        ),
        women=_words(
            "Ingrid|Solveig|Anniken|Berit|Dagny|Eldbjørg|Frøydis|Gunn|Hedda|Inger|Jorunn|Kari|Liv"
            "|Målfrid|Nora|Oddny|Ragnhild|Silje|Turid|Unni|Vigdis|Åse"
        ),
        surnames=_words("Hansen|Bakken|Åsen|Al-Hamid")
        + _surnames(
            "Berg|Bjør|Fjell|Gran|Haug|Kvam|Lang|Nord|Rød|Sand|Sol|Sør|Tor|Vest",
            "dal|eide|gård|heim|land|li|mo|nes|rud|seth|stad|sæther|vik|ås",
        ),
        streets=_words(
            "Bekkefaret|Dronningens gate|Fjellveien|Granåsen|Kirkeveien|Lensmannsbakken"
            "|Parkveien|Storgata|Tømmerveien|Øvre Langgate"
        ),
        cities=_words(
            "Alta|Bodø|Drøbak|Egersund|Førde|Hønefoss|Kirkenes|Lærdalsøyri|Mo i Rana|Røros"
            "|Svolvær|Å i Lofoten"
        ),
        states=_words(
            "Akershus|Buskerud|Finnmark - Finnmárku|Hedmark|Hordaland|Møre og Romsdal|Nordland"
            "|Oppland|Oslo|Rogaland|Sogn og Fjordane|Sør-Trøndelag|Troms - Romsa|Vest-Agder"
            "|Vestfold|Østfold"
        ),
        phone=Mask("#######", ("2", "3", "5", "6", "7", "8")),
        cell=Mask("#######", ("4", "9")),
        postcode=Mask("####"),
        postcode_is_text=True,
        document="FN",
        document_number=Mask("#####", ("",)),
    ),
    Nation(
        code="NZ",
        country="New Zealand",
        men=_words(
            "Mason|Hemi|Ari|Brodie|Caleb|Duncan|Elijah|Finn|Grant|Hunter|Isaia|Joel|Kahu|Levi"
            "|Mikaere|Nathan|Otto|Quinn|Rawiri|Scott|Tāne|Zane"
        ),
        women=_words(
            "Isla|Anahera|Briar|Charlotte|Dale|Evie|Frankie|Georgia|Hana|Indie|Juliet|Kiri|Lucy"
            "|Mereana|Ngaire|Olive|Petra|Quilla|Ria|Stella|Tui|Wairere"
        ),
        surnames=_words("Wilson|Walker|Te Rangi|O'Connor")
        + _surnames(
            "Bar|Black|Cam|Clark|Dal|East|Glen|Hol|Kil|Lin|Mac|New|Stan|Wel",
            "bank|burn|by|don|field|ley|land|low|more|ridge|son|ton|wood|wyn",
        ),
        streets=_words(
            "Beach Road|Cashel Street|Great North Road|Kōwhai Place|Manukau Road|Queen Street"
            "|Rātā Street|Riccarton Road|Tutanekai Street|Victoria Street West"
        ),
        cities=_words(
            "Blenheim|Dunedin|Hamilton|Invercargill|Kaikōura|Masterton|Oamaru|Queenstown|Taupō"
            "|Timaru|Whakatāne|Whanganui"
        ),
        states=_words(
            "Auckland|Bay of Plenty|Canterbury|Gisborne|Hawke'S Bay|Manawatu-Wanganui|Marlborough"
            "|Nelson|Northland|Otago|Southland|Taranaki|Tasman|Waikato|Wellington|West Coast"
        ),
        phone=_DIGITS_3_3_4,
        cell=_DIGITS_3_3_4,
    ),
    Nation(
        code="RS",
        country="Serbia",
        men=_words(
            "Nikola|Đorđe|Aleksa|Bogdan|Čedomir|Dušan|Filip|Goran|Igor|Jovan|Kosta|Ljubiša|Miloš"
            "|Nemanja|Ognjen|Predrag|Ratko|Slobodan|Toma|Uroš|Vuk|Živojin"
        ),
        women=_words(
            "Milica|Jelena|Anđela|Biljana|Cvijeta|Dragana|Emilija|Gordana|Hristina|Ivana|Jasna"
            "|Katarina|Ljiljana|Marija|Nevena|Olga|Radmila|Snežana|Tijana|Vesna|Zorica|Žaklina"
        ),
        surnames=_words("Jovanović|Đorđević|Šćepanović|Žeželj")
        + _surnames(
            "Bog|Brank|Dam|Dragi|Gvozd|Kost|Luk|Mark|Mil|Per|Rad|Stank|Vas|Zdravk",
            "anović|ašević|atović|enić|ešić|ijević|iljević|inić|ivojević|ojčić|ojević|osavić|ović"
            "|unović",
        ),
        streets=_words(
            "Bulevar Oslobođenja|Cara Dušana |Dositejeva|Đure Daničića|Kneza Miloša "
            "|Kralja Petra I |Njegoševa|Svetog Save |Vojvode Mišića|Žarka Zrenjanina"
        ),
        cities=_words(
            "Aranđelovac|Bačka Palanka|Čačak|Despotovac|Inđija|Kruševac|Leskovac|Niš|Požarevac"
            "|Šid|Užice|Žitište"
        ),
        states=_words(
            "Belgrade|Bor|Jablanica|Kolubara|Kosovo|Moravica|North Bačka|Peć|Pirot|Pomoravlje"
            "|Prizren|Rasina|Šumadija|South Banat|Toplica|Zaječar|Zlatibor"
        ),
        phone=Mask("#-####-###", ("01", "02", "03")),
        cell=Mask("#-####-###", ("06",)),
        document="SID",
        document_number=Mask("#########"),
    ),
    Nation(
        code="TR",
        country="Turkey",
        men=_words(
            "Mehmet|İbrahim|Alper|Barış|Cem|Doğan|Emre|Fırat|Gökhan|Hüseyin|Işık|Kağan|Levent"
            "|Murat|Nazım|Oğuz|Ömer|Rıza|Şükrü|Tuğrul|Ümit|Yiğit"
        ),
        women=_words(
            "Zeynep|Ayşe|Aslı|Başak|Çiğdem|Derya|Ebru|Filiz|Gülşen|Hülya|İpek|Jale|Lâle|Müge"
            "|Nurgül|Öykü|Pınar|Rüya|Sevgi|Şebnem|Tuğçe|Yıldız"
        ),
        surnames=_words("Yılmaz|Şahin|Iğdır|Öz")
        + _surnames(
            "Ak|Al|Ay|Bey|Can|Çak|Dağ|Er|Gök|Gün|Kara|Koç|Taş|Tun",
            "alp|baş|bey|can|demir|er|kaya|kurt|man|oğlu|soy|taş|türk|yürek",
        ),
        streets=_words(
            "Abdi İpekçi Cd|Çırağan Cd|Fatih Sultan Mehmet Cd|Gazi Mustafa Kemal Blv|İnönü Cd"
            "|Kordon Boyu|Lâleli Sk|Şair Nigâr Sk|Tunalı Hilmi Cd|Zübeyde Hanım Cd"
        ),
        cities=_words(
            "Afyonkarahisar|Balıkesir|Çanakkale|Diyarbakır|Eskişehir|Gümüşhane|Iğdır|İzmir|Kırklareli"
            "|Muğla|Şanlıurfa|Uşak"
        ),
        states=_words(
            "Ağrı|Amasya|Bartın|Bilecik|Çorum|Düzce|Elazığ|Giresun|Hakkâri|İstanbul|Karabük|Malatya"
            "|Nevşehir|Ordu|Rize|Siirt|Sinop|Tekirdağ|Yalova"
        ),
        phone=_DIGITS_3_3_4,
        cell=_DIGITS_3_3_4,
    ),
    Nation(
        code="UA",
        country="Ukraine",
        men=_words(
            "Andriy|Bohdan|Arseniy|Danilo|Fedir|Gnat|Illya|Kirilo|Lev|Maksim|Nazar|Oleg|Panas"
            "|Roman|Semen|Taras|Ustim|Vasil|Yakiv|Zahar|Yevgen|Lyubomir"
        ),
        women=_words(
            "Oksana|Nataliya|Alina|Bogdana|Darina|Emiliya|Ganna|Inna|Kateryna|Lesya|Marichka|Nina"
            "|Odarka|Polina|Raisa|Stefaniya|Tetyana|Ulyana|Vira|Yaryna|Zoya|Solomiya"
        ),
        surnames=_words("Shevchenko|Koval|D'yachenko|Luk'yanenko")
        + _surnames(
            "Bond|Dem|Gavril|Ivan|Klim|Kravch|Lit|Mel|Oliyn|Pavl|Rom|Savch|Tkach|Zinch",
            "achenko|aruk|enko|eychuk|inets|inskiy|ishin|iv|ivskiy|ovich|uk|ushko|yak|yuk",
        ),
        streets=_words(
            "Bogdana Hmelnitskogo|Hreshchatik|2-a Sadova|Ivana Mazepi|Kozacka|Lesi Ukrayinki"
            "|Naberezhna|Provulok Tihiy|Shevchenka|Zelena"
        ),
        cities=_words(
            "Berdichiv|Chornobil|Drogobich|Horol|Izmayil|Kam'yanec-Podilskiy|Kup'yansk|Mukacheve"
            "|Poltava|Slov'yansk|Uman|Yaremche"
        ),
        states=_words(
            "Chernigivska|Chernivecka|Harkivska|Hmelnicka|Ivano-Frankivska|Kirovogradska|Lvivska"
            "|Odeska|Poltavska|Rivnenska|Sumska|Volinska|Zakarpatska|Zhitomirska"
        ),
        phone=Mask("@##-####", ("(066) ", "(067) ", "(068) ", "(096) ", "(097) ", "(098) ")),
        cell=Mask("@##-####", ("(066) ", "(067) ", "(068) ", "(096) ", "(098) ", "(099) ")),
    ),
    Nation(
        code="US",
        country="United States",
        men=_words(
            "James|Michael|Abner|Brent|Curtis|Dwayne|Earl|Floyd|Glenn|Harvey|Irwin|Jasper|Kirk"
            "|Leroy|Milton|Norman|Orville|Preston|Rufus|Stanley|Travis|Warren"
        ),
        women=_words(
            "Mary|Nan|Abigail|Bonnie|Charlene|Delores|Eunice|Faith|Geraldine|Holly|Irene|Juanita"
            "|Kristin|Loretta|Marlene|Nadine|Opal|Peggy|Roxanne|Stacy|Thelma|Yvonne"
        ),
        surnames=_words("Johnson|Williams|O'Hara|Null")
        + _surnames(
            "Al|Bran|Cal|Craw|Dan|Fair|Gar|Hamp|Lan|Mid|Nor|Shel|Wash|Win",
            "banks|brook|by|don|field|ford|ington|land|ley|ner|ridge|ston|ton|wick",
        ),
        streets=_words(
            "Cedar Creek Rd|Dogwood Dr|E 42nd St|Elm  St|Frontage Rd|Martin Luther King Jr Blvd"
            "|Old Route 66|Pecan Grove Ct|Sunset Blvd|Windmill Ln"
        ),
        cities=_words(
            "Albuquerque|Boise|Chattanooga|Coeur d'Alene|Duluth|Eugene|Lexington-Fayette|Macon"
            "|Savannah|St. Louis|Truth or Consequences|Winston–Salem"
        ),
        states=_words(
            "Alaska|Arizona|Arkansas|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois"
            "|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Minnesota|Montana|Nevada|New Jersey"
            "|New York|North Dakota|Ohio|Oregon|Rhode Island|Texas|Utah|Vermont|Virginia|Wyoming"
        ),
        phone=Mask("##) ###-####", ("(2", "(3", "(4", "(5", "(6", "(7", "(8", "(9")),
        cell=Mask("##) ###-####", ("(2", "(3", "(4", "(5", "(6", "(7", "(8", "(9")),
        document="SSN",
        document_number=Mask("###-##-####"),
    ),
)

NATIONALITIES: tuple[str, ...] = tuple(nation.code for nation in NATIONS)

TIMEZONES: tuple[tuple[str, str], ...] = (
    ("-12:00", "Eniwetok, Kwajalein"),
    ("-11:00", "Midway Island, Samoa"),
    ("-10:00", "Hawaii"),
    ("-9:00", "Alaska"),
    ("-8:00", "Pacific Time (US & Canada)"),
    ("-7:00", "Mountain Time (US & Canada)"),
    ("-6:00", "Central Time (US & Canada), Mexico City"),
    ("-5:00", "Eastern Time (US & Canada), Bogota, Lima"),
    ("-4:00", "Atlantic Time (Canada), Caracas, La Paz"),
    ("-3:30", "Newfoundland"),
    ("-3:00", "Brazil, Buenos Aires, Georgetown"),
    ("-2:00", "Mid-Atlantic"),
    ("-1:00", "Azores, Cape Verde Islands"),
    ("0:00", "Western Europe Time, London, Lisbon, Casablanca"),
    ("+1:00", "Brussels, Copenhagen, Madrid, Paris"),
    ("+2:00", "Kaliningrad, South Africa"),
    ("+3:00", "Baghdad, Riyadh, Moscow, St. Petersburg"),
    ("+3:30", "Tehran"),
    ("+4:00", "Abu Dhabi, Muscat, Baku, Tbilisi"),
    ("+4:30", "Kabul"),
    ("+5:00", "Ekaterinburg, Islamabad, Karachi, Tashkent"),
    ("+5:30", "Bombay, Calcutta, Madras, New Delhi"),
    ("+5:45", "Kathmandu"),
    ("+6:00", "Almaty, Dhaka, Colombo"),
    ("+7:00", "Bangkok, Hanoi, Jakarta"),
    ("+8:00", "Beijing, Perth, Singapore, Hong Kong"),
    ("+9:00", "Tokyo, Seoul, Osaka, Sapporo, Yakutsk"),
    ("+9:30", "Adelaide, Darwin"),
    ("+10:00", "Eastern Australia, Guam, Vladivostok"),
    ("+11:00", "Magadan, Solomon Islands, New Caledonia"),
)

# 32 by 16: with three digits behind, one page of 5,000 holds some 25 repeated user names.
USERNAME_WORDS: tuple[str, ...] = tuple(
    first + second
    for first in _words(
        "amber|brave|calm|clever|cosy|dusty|eager|fancy|gentle|giddy|humble|icy|jolly|keen|lucky"
        "|mellow|misty|noble|proud|quick|quiet|rapid|royal|rusty|shiny|silent|sleepy|sunny|tame"
        "|velvet|wild|witty"
    )
    for second in _words(
        "badger|beetle|crow|dolphin|falcon|ferret|gecko|heron|ibex|lynx|magpie|newt|otter|puffin"
        "|seal|wombat"
    )
)

# The first are what naive readers stumble over: nothing, numbers, truth values, formulas, entities.
SECRET_WORDS: tuple[str, ...] = _words(
    "|none|null|nan|true|false|infinity|1e5|0x1f|000000|007007|01234567|123456|12345678901234567"
    "|-hello|+1234|=1+1|@home|rock&amp;roll|&amp;|&lt;3|it's me| blank |semi;colon|a,b,c|c:\\temp"
    "|today|yes|no|abc123|acorn|airplane|anchor|apricot|arsenal|asdfgh|autumn|avalon|bamboo|banjo"
    "|basil|beacon|biscuit|blossom|bonfire|boomer|bramble|bubbles|butter|cactus|camera|candle"
    "|captain|caramel|casino|celtic|champion|cherry|chess|chimney|cinnamon|clover|cobalt|comet"
    "|cookie|coral|cricket|crystal|daisy1|dakota|dancer|denver|diesel|dolphin1|domino|dragon"
    "|eclipse|ember|emerald|engine|falcon9|feather|fender|fiddle|firefly|flamingo|forest|fossil"
    "|galaxy|garlic|gemini|ginger|glacier|gravity|guitar|hammer|harbor|hazelnut|helmet|hockey"
    "|honey|horizon|iceberg|indigo|island|ivory|jasmine1|jigsaw|jupiter|kettle|kiwi|ladder|lagoon"
    "|lantern|lemonade|letmein|library|lobster|magnet|mango|marble|meadow|mercury|monkey|mustard"
    "|nebula|nectar|nutmeg|oatmeal|ocean|olive|orchid|oxygen|paprika|parrot|peanut|pebble|pepper"
    "|piano|pickle|pilot|planet|popcorn|prairie|puzzle|qwerty|rabbit|rainbow|raven|ribbon|rocket"
    "|saffron|sailor|sapphire|scooter|shadow|silver|skyline|snowflake|soccer|spider|sunshine"
    "|tango|thunder|tiger|topaz|trumpet|tulip|turtle|umbrella|vanilla|velvet1|violin|volcano"
    "|walnut|whisper|willow|winter|wizard|yellow|zebra|zephyr"
)

# How the API writes names in e-mail addresses, where taking off the accents does not do it.
EMAIL_LETTERS: dict[str, str] = {
    letter: plain
    for letter, _, plain in (
        pair.partition("=")
        for pair in _words(
            "æ=ae|đ=d|ð=d|ı=i|ĳ=ij|ł=l|ø=o|œ=oe|ß=ss|þ=th|ا=|آ=a|ب=b|پ=p|ت=t|ث=th|ج=j|چ=ch"
            "|ح=h|خ=kh|د=d|ذ=dh|ر=r|ز=z|ژ=zh|س=s|ش=sh|ص=s|ض=d|ط=t|ظ=z|ع=|غ=gh|ف=f|ق=q|ک=kh"
            "|ك=k|گ=g|ل=l|م=m|ن=n|و=w|ه=h|ی=y|ي=y"
        )
    )
}
