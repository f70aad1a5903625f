# Everything a developer types. `make help` lists it.
.POSIX:
.SUFFIXES:
PYTHON =
ARGS =
# Files of tests run beside each other; more than eight would run out of Redis databases.
BESIDE = -n auto --maxprocesses 8 --dist loadfile
VENV = PYTHON="$(PYTHON)" sh ordinavo/local/venv.sh
BIN = .venv/bin
LOCAL = $(BIN)/python -m ordinavo.local
ROOMS = ordinavo integrations webhooks customers targets
# No check needs a server; makemigrations would look for one, so it gets one that cannot be there.
NOWHERE = DATABASE_URL=postgresql:///none?host=/nonexistent
PRODUCTION = set -a; . ./docs/production.env.example; set +a;

.PHONY: help run demo screenshots test check bench bench-matching bench-routes bench-webhooks clean
help:
	@echo "make run     start the whole product on PORT (default 8000); Ctrl-C ends it"
	@echo "make demo    play the product's story against a running make run (same PORT)"
	@echo "make test    run all tests with servers of their own (ARGS='-k name' for some, BESIDE= for one at a time)"
	@echo "make check   static checks: ruff, mypy, import-linter, migrations, deployment settings, OpenAPI"
	@echo "make bench   measure (ARGS are passed on); make bench-webhooks measures deliveries,"
	@echo "             make bench-routes the route engine, make bench-matching the search for customers"
	@echo "make clean   end what runs here and remove .venv, .local and all caches"

run:
	@$(VENV) run
	@exec $(LOCAL) run

demo:
	@$(VENV) run
	@exec $(BIN)/python -m ordinavo.desk.demo $(ARGS)

# Needs a running `make run` too, and Chromium.
screenshots:
	@$(VENV) dev
	@exec $(BIN)/python -m tests.screenshots

test:
	@$(VENV) dev
	@exec $(LOCAL) exec -- $(BIN)/python -m pytest $(BESIDE) $(ARGS)

bench:
	@$(VENV) dev
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m tests.bench $(ARGS)

bench-webhooks:
	@$(VENV) dev
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m tests.bench.webhooks $(ARGS)

bench-matching:
	@$(VENV) dev
	@exec $(LOCAL) exec --durable -- $(BIN)/python -m tests.bench.matching $(ARGS)

# The engine is pure: it needs no server.
bench-routes:
	@$(VENV) dev
	@$(BIN)/python -m tests.bench.routes $(ARGS)

check:
	@$(VENV) dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(ROOMS) tests
	$(BIN)/lint-imports
	$(PRODUCTION) $(NOWHERE) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(BIN)/python manage.py spectacular --skip-checks --fail-on-warn --validate --file /dev/null

clean:
	@if [ -x $(BIN)/python ]; then $(LOCAL) clean; fi
	rm -rf .venv .local staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
