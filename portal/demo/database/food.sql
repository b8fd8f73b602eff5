-- The food team's database: what the example company replicates, what the demo's story adds, and a few tables more that
-- nobody has asked for yet. Every row is computed from its number, so that each first start makes the same database.

CREATE SCHEMA foodsearch;
CREATE SCHEMA nutrition;

CREATE TABLE foodsearch.countries (code char(2) PRIMARY KEY, name text NOT NULL, in_union boolean NOT NULL);
INSERT INTO foodsearch.countries VALUES
    ('AT', 'Austria', true), ('BE', 'Belgium', true), ('CH', 'Switzerland', false), ('DE', 'Germany', true),
    ('DK', 'Denmark', true), ('ES', 'Spain', true), ('FI', 'Finland', true), ('FR', 'France', true),
    ('GB', 'United Kingdom', false), ('GR', 'Greece', true), ('IE', 'Ireland', true), ('IT', 'Italy', true),
    ('NL', 'Netherlands', true), ('NO', 'Norway', false), ('PL', 'Poland', true), ('PT', 'Portugal', true),
    ('SE', 'Sweden', true), ('US', 'United States', false);

CREATE TABLE foodsearch.brands (
    id int PRIMARY KEY, name text NOT NULL, country char(2) REFERENCES foodsearch.countries, founded smallint
);
INSERT INTO foodsearch.brands
    SELECT n, (ARRAY['Green', 'Golden', 'Alpine', 'Harbour', 'Old Mill', 'Sunny', 'North', 'Village'])[1 + n % 8] || ' '
        || (ARRAY['Farm', 'Dairy', 'Bakery', 'Kitchen', 'Orchard', 'Pantry', 'Garden'])[1 + n % 7] || ' ' || n,
        (ARRAY['DE', 'FR', 'IT', 'ES', 'NL', 'GB', 'DK'])[1 + n % 7], 1900 + n % 120
    FROM generate_series(1, 300) n;

CREATE TABLE foodsearch.categories (
    id int PRIMARY KEY, parent int REFERENCES foodsearch.categories, name text NOT NULL, position int NOT NULL
);
INSERT INTO foodsearch.categories
    SELECT n, CASE WHEN n > 12 THEN 1 + n % 12 END,
        (ARRAY['Bread', 'Dairy', 'Fruit', 'Vegetables', 'Meat', 'Fish', 'Sweets', 'Drinks', 'Pasta', 'Oils', 'Spices',
               'Ready meals'])[1 + n % 12] || CASE WHEN n > 12 THEN ', kind ' || n / 12 ELSE '' END, n
    FROM generate_series(1, 60) n;

CREATE TABLE foodsearch.foods (
    id int PRIMARY KEY,
    brand int REFERENCES foodsearch.brands,
    category int NOT NULL REFERENCES foodsearch.categories,
    title text NOT NULL,
    organic boolean NOT NULL DEFAULT false,
    energy_kcal numeric(6, 1),
    description text,
    updated timestamptz NOT NULL DEFAULT now()
);
INSERT INTO foodsearch.foods
    SELECT n, CASE WHEN n % 5 > 0 THEN 1 + n % 300 END, 1 + n % 60,
        (ARRAY['Wholegrain', 'Creamy', 'Fresh', 'Smoked', 'Salted', 'Sweet', 'Light', 'Classic'])[1 + n % 8] || ' '
        || (ARRAY['bread', 'yoghurt', 'apples', 'carrots', 'ham', 'herring', 'biscuits', 'lemonade', 'noodles'])[1 + n % 9],
        n % 4 = 0, round(20 + (n * 37 % 8800) / 10.0, 1),
        CASE WHEN n % 3 = 0 THEN 'Best kept cool and dry. Batch ' || n || '.' END,
        '2025-06-01'::timestamptz + n * interval '47 minutes'
    FROM generate_series(1, 3000) n;

CREATE TABLE foodsearch.food_names (
    food int NOT NULL REFERENCES foodsearch.foods ON DELETE CASCADE, language char(2) NOT NULL, name text NOT NULL,
    PRIMARY KEY (food, language)
);
INSERT INTO foodsearch.food_names
    SELECT id, language, title || ' (' || language || ')'
    FROM foodsearch.foods CROSS JOIN (VALUES ('en'), ('de')) AS languages (language);

CREATE TABLE foodsearch.barcodes (
    code char(13) PRIMARY KEY, food int NOT NULL REFERENCES foodsearch.foods ON DELETE CASCADE,
    confirmed boolean NOT NULL, seen timestamptz NOT NULL DEFAULT now()
);
INSERT INTO foodsearch.barcodes
    SELECT lpad((4000000000000 + n * 7919)::text, 13, '0'), 1 + n % 3000, n % 9 > 0,
        '2025-09-01'::timestamptz + n * interval '11 minutes'
    FROM generate_series(1, 4000) n;

CREATE TABLE foodsearch.ingredients (id int PRIMARY KEY, name text NOT NULL UNIQUE, additive varchar(6));
INSERT INTO foodsearch.ingredients
    SELECT n, 'ingredient ' || n, CASE WHEN n % 6 = 0 THEN 'E' || 100 + n END FROM generate_series(1, 500) n;

CREATE TABLE foodsearch.food_ingredients (
    food int NOT NULL REFERENCES foodsearch.foods ON DELETE CASCADE,
    ingredient int NOT NULL REFERENCES foodsearch.ingredients, share numeric(4, 1), PRIMARY KEY (food, ingredient)
);
INSERT INTO foodsearch.food_ingredients
    SELECT 1 + n / 2, 1 + n * 13 % 500, n % 90 FROM generate_series(0, 5999) n;

CREATE TABLE foodsearch.legacy_tags (id int PRIMARY KEY, food int, tag text);
INSERT INTO foodsearch.legacy_tags SELECT n, 1 + n % 3000, 'tag-' || n % 40 FROM generate_series(1, 800) n;

CREATE TABLE foodsearch.search_synonyms (id int PRIMARY KEY, word text NOT NULL, means text NOT NULL, weight real NOT NULL);
INSERT INTO foodsearch.search_synonyms
    SELECT n, 'word ' || n, 'word ' || n / 4, 0.25 * (n % 4) FROM generate_series(1, 400) n;

CREATE TABLE foodsearch.serving_units (code varchar(8) PRIMARY KEY, name text NOT NULL, grams numeric(7, 2));
INSERT INTO foodsearch.serving_units VALUES
    ('g', 'gram', 1), ('ml', 'millilitre', NULL), ('slice', 'slice', 35), ('cup', 'cup', 240), ('piece', 'piece', NULL),
    ('tbsp', 'tablespoon', 14.79), ('tsp', 'teaspoon', 4.93), ('bottle', 'bottle', 500), ('can', 'can', 330);

CREATE TABLE foodsearch.servings (
    id int PRIMARY KEY, food int NOT NULL REFERENCES foodsearch.foods ON DELETE CASCADE,
    unit varchar(8) NOT NULL REFERENCES foodsearch.serving_units, amount numeric(7, 2) NOT NULL
);
INSERT INTO foodsearch.servings
    SELECT n, 1 + n % 3000, (ARRAY['g', 'ml', 'slice', 'piece', 'cup'])[1 + n % 5], 10 + n % 240
    FROM generate_series(1, 4000) n;

CREATE TABLE foodsearch.allergen_groups (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO foodsearch.allergen_groups VALUES
    (1, 'Cereals'), (2, 'Animal products'), (3, 'Seafood'), (4, 'Nuts and seeds'), (5, 'Legumes'), (6, 'Additives');

CREATE TABLE foodsearch.allergen_labels (
    id int PRIMARY KEY, allergen_group int NOT NULL REFERENCES foodsearch.allergen_groups, language char(2) NOT NULL,
    label text NOT NULL
);
INSERT INTO foodsearch.allergen_labels
    SELECT n, 1 + n % 6, (ARRAY['en', 'de', 'fr'])[1 + n % 3], 'contains allergen ' || n / 3 FROM generate_series(1, 84) n;

CREATE TABLE foodsearch.retailers (id int PRIMARY KEY, name text NOT NULL, country char(2) REFERENCES foodsearch.countries);
INSERT INTO foodsearch.retailers
    SELECT n, 'Market ' || n, (ARRAY['DE', 'FR', 'NL'])[1 + n % 3] FROM generate_series(1, 30) n;

CREATE TABLE foodsearch.retailer_prices (
    retailer int NOT NULL REFERENCES foodsearch.retailers, food int NOT NULL REFERENCES foodsearch.foods ON DELETE CASCADE,
    cents int NOT NULL, valid_from date NOT NULL, PRIMARY KEY (retailer, food, valid_from)
);
INSERT INTO foodsearch.retailer_prices
    SELECT 1 + n % 30, 1 + n % 3000, 49 + n * 17 % 950, '2025-10-01'::date + n % 90 FROM generate_series(1, 4000) n;

CREATE TABLE foodsearch.search_queries (asked timestamptz NOT NULL, words text NOT NULL, hits int NOT NULL);
INSERT INTO foodsearch.search_queries
    SELECT '2026-01-01'::timestamptz + n * interval '3 minutes', 'word ' || n % 400, n % 57 FROM generate_series(1, 2000) n;

CREATE TABLE nutrition.nutrient_groups (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO nutrition.nutrient_groups VALUES
    (1, 'Energy'), (2, 'Carbohydrates'), (3, 'Fats'), (4, 'Proteins'), (5, 'Fibre'), (6, 'Vitamins'), (7, 'Minerals'),
    (8, 'Other');

CREATE TABLE nutrition.nutrients (
    id int PRIMARY KEY, nutrient_group int NOT NULL REFERENCES nutrition.nutrient_groups, name text NOT NULL,
    unit varchar(4) NOT NULL
);
INSERT INTO nutrition.nutrients
    SELECT n, 1 + n % 8, 'nutrient ' || n, (ARRAY['g', 'mg', 'µg', 'kcal'])[1 + n % 4] FROM generate_series(1, 60) n;

CREATE TABLE nutrition.daily_values (
    nutrient int NOT NULL REFERENCES nutrition.nutrients, age_group varchar(12) NOT NULL, amount numeric(8, 2) NOT NULL,
    PRIMARY KEY (nutrient, age_group)
);
INSERT INTO nutrition.daily_values
    SELECT id, age_group, 10 + id * 3 FROM nutrition.nutrients
    CROSS JOIN (VALUES ('child'), ('adult'), ('senior')) AS ages (age_group);

CREATE TABLE nutrition.food_nutrients (
    food int NOT NULL REFERENCES foodsearch.foods ON DELETE CASCADE, nutrient int NOT NULL REFERENCES nutrition.nutrients,
    per_100g numeric(9, 3) NOT NULL, measured date, PRIMARY KEY (food, nutrient)
);
INSERT INTO nutrition.food_nutrients
    SELECT 1 + n / 3, 1 + n * 7 % 60, (n * 31 % 90000) / 1000.0, '2025-01-01'::date + n % 300
    FROM generate_series(0, 8999) n;

CREATE TABLE nutrition.allergens (code varchar(12) PRIMARY KEY, name text NOT NULL, must_be_declared boolean NOT NULL);
INSERT INTO nutrition.allergens VALUES
    ('gluten', 'Gluten', true), ('crustacean', 'Crustaceans', true), ('egg', 'Eggs', true), ('fish', 'Fish', true),
    ('peanut', 'Peanuts', true), ('soy', 'Soybeans', true), ('milk', 'Milk', true), ('nuts', 'Nuts', true),
    ('celery', 'Celery', true), ('mustard', 'Mustard', true), ('sesame', 'Sesame', true), ('sulphite', 'Sulphites', true),
    ('lupin', 'Lupin', true), ('mollusc', 'Molluscs', true), ('corn', 'Corn', false);

CREATE TABLE nutrition.vitamins (code varchar(4) PRIMARY KEY, name text NOT NULL, fat_soluble boolean NOT NULL);
INSERT INTO nutrition.vitamins VALUES
    ('A', 'Retinol', true), ('B1', 'Thiamine', false), ('B2', 'Riboflavin', false), ('B3', 'Niacin', false),
    ('B5', 'Pantothenic acid', false), ('B6', 'Pyridoxine', false), ('B7', 'Biotin', false), ('B9', 'Folate', false),
    ('B12', 'Cobalamin', false), ('C', 'Ascorbic acid', false), ('D', 'Calciferol', true), ('E', 'Tocopherol', true),
    ('K', 'Phylloquinone', true);

CREATE TABLE nutrition.minerals (symbol varchar(2) PRIMARY KEY, name text NOT NULL, milligrams_a_day numeric(7, 2));
INSERT INTO nutrition.minerals VALUES
    ('Ca', 'Calcium', 950), ('Mg', 'Magnesium', 350), ('P', 'Phosphorus', 550), ('K', 'Potassium', 3500),
    ('Na', 'Sodium', 2000), ('Cl', 'Chloride', 3100), ('S', 'Sulphur', NULL);

CREATE TABLE nutrition.trace_elements (symbol varchar(2) PRIMARY KEY, name text NOT NULL, micrograms_a_day numeric(8, 1));
INSERT INTO nutrition.trace_elements VALUES
    ('Fe', 'Iron', 11000), ('Zn', 'Zinc', 9400), ('I', 'Iodine', 150), ('Se', 'Selenium', 70), ('Cu', 'Copper', 1600),
    ('Mn', 'Manganese', 3000), ('Cr', 'Chromium', NULL), ('Mo', 'Molybdenum', 65);

CREATE TABLE nutrition.recipes (
    id int PRIMARY KEY, title text NOT NULL, portions smallint NOT NULL, minutes smallint NOT NULL, published timestamptz
);
INSERT INTO nutrition.recipes
    SELECT n, (ARRAY['Baked', 'Stewed', 'Grilled', 'Cold'])[1 + n % 4] || ' dish no. ' || n, 1 + n % 6, 10 + n % 80,
        CASE WHEN n % 10 > 0 THEN '2025-03-01'::timestamptz + n * interval '9 hours' END
    FROM generate_series(1, 400) n;

CREATE TABLE nutrition.recipe_steps (
    recipe int NOT NULL REFERENCES nutrition.recipes ON DELETE CASCADE, step smallint NOT NULL, instruction text NOT NULL,
    PRIMARY KEY (recipe, step)
);
INSERT INTO nutrition.recipe_steps
    SELECT 1 + n / 5, 1 + n % 5, (ARRAY['Wash', 'Cut', 'Mix', 'Cook', 'Serve'])[1 + n % 5] || ' everything, "gently".'
    FROM generate_series(0, 1999) n;

CREATE TABLE nutrition.diet_labels (code varchar(16) PRIMARY KEY, name text NOT NULL);
INSERT INTO nutrition.diet_labels VALUES
    ('vegan', 'Vegan'), ('vegetarian', 'Vegetarian'), ('lactose-free', 'Without lactose'), ('gluten-free', 'Without gluten');

CREATE TABLE nutrition.meal_plans (id int PRIMARY KEY, name text NOT NULL, kcal_a_day int NOT NULL);
INSERT INTO nutrition.meal_plans SELECT n, 'Plan ' || n, 1600 + n * 13 % 1200 FROM generate_series(1, 120) n;

CREATE TABLE nutrition.meal_plan_days (
    plan int NOT NULL REFERENCES nutrition.meal_plans ON DELETE CASCADE, day smallint NOT NULL,
    recipe int NOT NULL REFERENCES nutrition.recipes, PRIMARY KEY (plan, day, recipe)
);
INSERT INTO nutrition.meal_plan_days SELECT 1 + n / 7, 1 + n % 7, 1 + n * 11 % 400 FROM generate_series(0, 839) n;

CREATE TABLE foodsearch.recipes_by_tag (
    tag varchar(20) NOT NULL, recipe int NOT NULL REFERENCES nutrition.recipes ON DELETE CASCADE, PRIMARY KEY (tag, recipe)
);
INSERT INTO foodsearch.recipes_by_tag
    SELECT (ARRAY['quick', 'cheap', 'festive', 'light', 'for children'])[1 + n % 5], 1 + n / 5
    FROM generate_series(0, 1999) n WHERE n % 3 > 0;

CREATE TABLE foodsearch.seasonal (
    food int NOT NULL REFERENCES foodsearch.foods ON DELETE CASCADE, month smallint NOT NULL, PRIMARY KEY (food, month)
);
INSERT INTO foodsearch.seasonal SELECT 1 + n / 4 * 3, 1 + n % 12 FROM generate_series(0, 999) n;
