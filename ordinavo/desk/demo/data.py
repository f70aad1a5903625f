"""Rows of the demo tenant. Firms, people and numbers are made up; towns and coordinates are real.

The two customers of the API's examples are missing on purpose: they arrive with the first import.
"""

from dataclasses import dataclass, field

from ordinavo.kernel.choices import Priority


@dataclass(frozen=True, slots=True)
class DemoContact:
    """A person at a customer's."""

    name: str
    role: str
    email: str
    phone: str
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class DemoLocation:
    """A place; coordinates in degrees."""

    name: str
    street: str
    postal_code: str
    city: str
    latitude: float
    longitude: float
    access_notes: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer with its places and people."""

    number: str
    name: str
    type: str
    industry: str
    email: str
    phone: str
    external_id: str = ""
    locations: tuple[DemoLocation, ...] = field(default=())
    contacts: tuple[DemoContact, ...] = field(default=())


# Key, name, description, work in minutes, priority, skills.
TEMPLATES: tuple[tuple[str, str, str, int, Priority, tuple[str, ...]], ...] = (
    ("delivery_stop", "Delivery stop", "Hand over goods and get a signature.", 15, Priority.NORMAL, ()),
    (
        "maintenance_visit",
        "Maintenance visit",
        "Yearly maintenance by the checklist.",
        90,
        Priority.NORMAL,
        ("maintenance",),
    ),
    ("inspection", "Inspection", "Look at a reported fault and estimate the repair.", 45, Priority.HIGH, ()),
)


@dataclass(frozen=True, slots=True)
class DemoEmployee:
    """Somebody who visits customers; days from Monday (0) on, hours local, the break takes half an hour."""

    name: str
    address: str
    latitude: float
    longitude: float
    hours: tuple[int, int] = (8, 16)
    skills: tuple[str, ...] = ()
    email: str = ""
    days: range = range(5)


EMPLOYEES = (
    # Every day: `make demo` must be playable on any.
    DemoEmployee(
        "Emil Ehlers",
        "Essen",
        51.4556,
        7.0116,
        skills=("maintenance",),
        email="employee@demo.example",
        days=range(7),
    ),
    DemoEmployee("Bahar Bulut", "Dortmund", 51.5136, 7.4653, skills=("maintenance", "cooling")),
    DemoEmployee("Jonas Jansen", "Düsseldorf", 51.2277, 6.7735, hours=(7, 15)),
    DemoEmployee("Lena Lorenz", "Duisburg", 51.4344, 6.7623, hours=(9, 17)),
    DemoEmployee("Piotr Pawlak", "Bochum", 51.4818, 7.2162),
)

CUSTOMERS = (
    DemoCustomer(
        number="K-10017",
        name="Bäckerei Hollmann GmbH",
        type="Business",
        industry="Food",
        email="buero@baeckerei-hollmann.example",
        phone="+49 201 5550117",
        external_id="ERP-CUST-10017",
        locations=(
            DemoLocation(
                "Backstube Essen-Kray",
                "Krayer Straße 214",
                "45307",
                "Essen",
                51.4639,
                7.0806,
                "Deliveries through the yard, ring twice.",
                "ERP-LOC-10017-1",
            ),
            DemoLocation("Filiale Steele", "Kaiser-Otto-Platz 8", "45276", "Essen", 51.4487, 7.0769),
        ),
        contacts=(
            DemoContact(
                "Sabine Hollmann",
                "Owner",
                "sabine@baeckerei-hollmann.example",
                "+49 201 5550118",
                "ERP-CONT-10017-1",
            ),
            DemoContact("Jürgen Pawlik", "Bakery foreman", "", "+49 171 5550119"),
        ),
    ),
    DemoCustomer(
        number="K-10023",
        name="Stadtwerke Linnertal AöR",
        type="Business",
        industry="Utilities",
        email="leitstelle@sw-linnertal.example",
        phone="+49 2327 555230",
        external_id="ERP-CUST-10023",
        locations=(
            DemoLocation(
                "Umspannwerk Nord",
                "Hansastraße 91",
                "44866",
                "Bochum",
                51.4826,
                7.1355,
                "Helmet and safety shoes. Register at the gate.",
                "ERP-LOC-10023-1",
            ),
            DemoLocation(
                "Pumpwerk Ruhr",
                "Kemnader Straße 300",
                "44797",
                "Bochum",
                51.4206,
                7.2472,
                external_id="ERP-LOC-10023-2",
            ),
        ),
        contacts=(
            DemoContact(
                "Dr. Ayşe Demir", "Head of operations", "a.demir@sw-linnertal.example", "+49 2327 555231"
            ),
        ),
    ),
    DemoCustomer(
        number="K-10031",
        name="Pflegedienst Lindenhof gGmbH",
        type="Business",
        industry="Health care",
        email="verwaltung@lindenhof-pflege.example",
        phone="+49 231 5554410",
        locations=(
            DemoLocation(
                "Haus am Westpark",
                "Rittershausstraße 12",
                "44137",
                "Dortmund",
                51.5123,
                7.4486,
                "Quiet hours from 13:00 to 15:00.",
            ),
        ),
        contacts=(
            DemoContact(
                "Miriam Kessler", "House manager", "m.kessler@lindenhof-pflege.example", "+49 231 5554412"
            ),
        ),
    ),
    DemoCustomer(
        number="K-10046",
        name="Autohaus Brinkmann KG",
        type="Business",
        industry="Car trade",
        email="service@autohaus-brinkmann.example",
        phone="+49 203 5557788",
        external_id="ERP-CUST-10046",
        locations=(
            DemoLocation(
                "Betrieb Duisburg",
                "Düsseldorfer Landstraße 55",
                "47249",
                "Duisburg",
                51.3867,
                6.7656,
                external_id="ERP-LOC-10046-1",
            ),
        ),
        contacts=(
            DemoContact(
                "Thomas Brinkmann", "Managing director", "tb@autohaus-brinkmann.example", "+49 203 5557789"
            ),
        ),
    ),
    DemoCustomer(
        number="K-10052",
        name="Familie Öztürk",
        type="Private",
        industry="",
        email="oeztuerk.familie@post.example",
        phone="+49 208 5553321",
        locations=(
            DemoLocation(
                "Zuhause",
                "Aktienstraße 48",
                "45473",
                "Mülheim an der Ruhr",
                51.4352,
                6.8903,
                "Second bell from the top.",
            ),
        ),
    ),
    DemoCustomer(
        number="K-10058",
        name="Hotel Zeche Marie",
        type="Business",
        industry="Hospitality",
        email="empfang@zeche-marie.example",
        phone="+49 209 5556010",
        external_id="ERP-CUST-10058",
        locations=(
            DemoLocation(
                "Hotel",
                "Bochumer Straße 140",
                "45886",
                "Gelsenkirchen",
                51.4995,
                7.1181,
                "Technicians use the side door in Rheinelbestraße.",
                "ERP-LOC-10058-1",
            ),
        ),
        contacts=(
            DemoContact(
                "Katrin Wessel",
                "Technical manager",
                "technik@zeche-marie.example",
                "+49 209 5556011",
                "ERP-CONT-10058-1",
            ),
        ),
    ),
)
