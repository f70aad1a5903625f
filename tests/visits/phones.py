"""Phones of employees for tests."""

from itertools import count

from django.test import Client

from ordinavo.tenants.models import Role
from ordinavo.tenants.services.members import add_member
from targets.visits.models import Employee
from targets.visits.pages.access import COOKIE, COOKIE_PATH
from targets.visits.services.devices import sign_in

PASSWORD = "correct horse battery"
_numbers = count(1)


def with_login(employee: Employee, *, email: str = "", password: str | None = None) -> Employee:
    """The employee with a login of their own."""
    owner = employee.tenant.twin_of or employee.tenant
    address = email or f"employee{next(_numbers)}@x.example"
    member = add_member(tenant=owner, email=address, role=Role.EMPLOYEE, password=password)
    employee.user = member.user
    employee.save()
    return employee


def phone(employee: Employee) -> Client:
    """A phone on which the employee is logged in; they get a login unless they have one."""
    if employee.user is None:
        with_login(employee)
    _, secret = sign_in(employee=employee, name="Chrome on Android")
    return holding(secret)


def holding(secret: str) -> Client:
    """A browser that has the cookie of a device."""
    browser = Client()
    browser.cookies[COOKIE] = secret
    browser.cookies[COOKIE]["path"] = COOKIE_PATH
    return browser
